internal import NVMeMI

/// Firmware, Device Self-test, Sanitize and Security.
extension AdminContext {
    func downloadFirmware() throws(AdminFailure) -> AdminResult {
        let length = (UInt64(dword(10)) + 1) * 4
        let offset = UInt64(dword(11)) * 4
        guard length == UInt64(command.data.count) else { throw .invalidField(dword: 10) }
        // A piece that is shorter is the last: another one could not begin behind it.
        guard offset % (UInt64(FirmwareState.granularity) * 4096) == 0,
            offset + length <= UInt64(FirmwareState.maximumImageSize)
        else {
            throw .invalidField(dword: 11)
        }
        guard drive.firmware.download(command.data, at: Int(offset)) else {
            throw .failed(Self.overlappingRange)
        }
        return AdminResult()
    }

    mutating func commitFirmware() throws(AdminFailure) -> AdminResult {
        let slots = drive.firmware.revisions.count
        let action = bits(3...5, of: 10)
        if action >= 6 { return try commitBootPartition(isReplaced: action == 6) }
        var slot = Int(bits(0...2, of: 10))
        if slot == 0 { slot = firstFreeSlot }
        guard (1...slots).contains(slot) else { throw .failed(.invalidFirmwareSlot) }
        // Activation at once is of what was downloaded, or of what the slot holds when nothing was.
        let isActivation = action == 2 || action == 3 && drive.firmware.wholeImage == nil
        let replaces = !isActivation
        let before = drive.firmware.activeRevision
        defer { rememberCommit(slot: slot, action: action, before: before) }
        if replaces {
            guard slot != 1 || !drive.description.isFirstFirmwareSlotReadOnly else {
                throw .failed(.invalidFirmwareSlot)
            }
            guard let revision = drive.firmware.downloadedRevision else {
                throw .failed(.invalidFirmwareImage)
            }
            drive.firmware.revisions[slot - 1] = revision
            drive.firmware.discardImage()
        } else if drive.firmware.revisions[slot - 1].isEmpty {
            throw .failed(.invalidFirmwareSlot)
        }
        switch action {
        case 0:
            break
        case 1, 2:
            drive.firmware.next = UInt8(slot)
            // Committed; the status says that a reset of the subsystem is what activates it.
            throw .completed(.firmwareNeedsSubsystemReset, location: 0xFFFF)
        case 3:
            drive.firmware.next = nil
            drive.firmware.active = UInt8(slot)
            drive.note(.firmwareActivated)
            drive.onChange?()
        default:
            throw .invalidField(dword: 10)
        }
        return AdminResult()
    }

    /// Boot partitions take any image that fits.
    private func commitBootPartition(isReplaced: Bool) throws(AdminFailure) -> AdminResult {
        guard drive.has(.bootPartitions) else { throw .invalidField(dword: 10) }
        let partition = Int(bits(31...31, of: 10))
        guard isReplaced else {
            drive.firmware.activeBootPartition = UInt8(partition)
            return AdminResult()
        }
        guard let image = drive.firmware.wholeImage, image.count <= FirmwareState.bootPartitionSize
        else { throw .failed(.invalidFirmwareImage) }
        drive.firmware.bootPartitions[partition] = image
        drive.firmware.discardImage()
        return AdminResult()
    }

    private func rememberCommit(slot: Int, action: UInt32, before: String) {
        var image = ByteImage(size: 22)
        image.put(before, at: 0, width: 8)
        let revisions = drive.firmware.revisions
        image.put(revisions.indices.contains(slot - 1) ? revisions[slot - 1] : "", at: 8, width: 8)
        image.put(UInt8(action), at: 16)
        image.put(UInt8(clamping: slot), at: 17)
        drive.remember(.firmwareCommit, controller: controller, image.bytes)
    }

    /// The slot that the controller chooses when the host leaves the choice to it.
    private var firstFreeSlot: Int {
        let revisions = drive.firmware.revisions
        if let empty = revisions.firstIndex(of: "") { return empty + 1 }
        let passive = (1...revisions.count).first {
            $0 != Int(drive.firmware.active)
                && !($0 == 1 && drive.description.isFirstFirmwareSlotReadOnly)
        }
        return passive ?? Int(drive.firmware.active)
    }

    func selfTest() throws(AdminFailure) -> AdminResult {
        let code = UInt8(bits(0...3, of: 10))
        let hours = drive.health.powerOnHours(at: now)
        if code == 0x0F {
            drive.selfTest.finish(outcome: 1, powerOnHours: hours)
            return AdminResult()
        }
        guard code == 1 || code == 2 else { throw .invalidField(dword: 10) }
        let namespace = command.namespace
        guard namespace == 0 || namespace == 0xFFFF_FFFF || drive.namespaces[namespace] != nil
        else { throw .invalidNamespace }
        guard !drive.selfTest.isRunning else { throw .failed(.selfTestInProgress) }
        drive.selfTest.start(
            code: code,
            namespace: namespace,
            duration: code == 1
                ? drive.description.shortSelfTestTime : drive.description.extendedSelfTestTime,
            at: now
        )
        return AdminResult()
    }

    func sanitize() throws(AdminFailure) -> AdminResult {
        guard drive.sanitize.status != .inProgress else { throw .failed(.sanitizeInProgress) }
        switch bits(0...2, of: 10) {
        case 1:
            drive.sanitize.exitFailure()
        case 2, 3, 4:
            if drive.sanitize.status == .failed, bits(3...3, of: 10) == 0 {
                // Out of a failed restricted sanitize only a restricted one leads.
                drive.sanitize.exitFailure()
            }
            drive.selfTest.finish(outcome: 9, powerOnHours: drive.health.powerOnHours(at: now))
            rememberSanitize()
            drive.sanitize.begin(
                command: dword(10),
                duration: drive.description.sanitizeTime,
                at: now
            )
        default:
            throw .invalidField(dword: 10)
        }
        drive.onChange?()
        return AdminResult()
    }

    private func rememberSanitize() {
        var image = ByteImage(size: 12)
        image.put(identity.sanitizeCapabilities.rawValue, at: 0)
        image.put(dword(10), at: 4)
        image.put(dword(11), at: 8)
        drive.remember(.sanitizeStart, controller: controller, image.bytes)
    }

    /// Security protocol F0h keeps what it is sent, for tests of both directions.
    private static let storingProtocol: UInt32 = 0xF0

    func sendSecurity() throws(AdminFailure) -> AdminResult {
        guard bits(24...31, of: 10) == Self.storingProtocol else {
            throw .invalidField(dword: 10, byte: 3)
        }
        guard dword(11) <= UInt32(command.data.count) else { throw .invalidField(dword: 11) }
        drive.securityData = Array(command.data.prefix(Int(dword(11))))
        return AdminResult()
    }

    func receiveSecurity() throws(AdminFailure) -> AdminResult {
        let available: [UInt8]
        switch (bits(24...31, of: 10), bits(8...23, of: 10)) {
        case (0, 0):
            // Which protocols there are: reserved bytes, their number, then each in order.
            available = [0, 0, 0, 0, 0, 0, 0, 2, 0x00, UInt8(Self.storingProtocol)]
        case (Self.storingProtocol, _):
            available = drive.securityData
        default:
            throw .invalidField(dword: 10, byte: 3)
        }
        let length = Int(clamping: dword(11))
        return AdminResult(length: length) { range in
            let bytes = available.dropFirst(range.lowerBound).prefix(range.count)
            return bytes + Array(repeating: 0, count: range.count - bytes.count)
        }
    }

    private static let overlappingRange = NVMeStatus(codeType: 1, code: 0x14)
}
