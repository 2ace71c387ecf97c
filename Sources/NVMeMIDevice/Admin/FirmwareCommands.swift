internal import NVMeMI

/// Firmware Image Download and Firmware Commit.
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
        if offset > 0, let limit = drive.firmware.headerUnderDownload?.failingByte,
            offset + length > UInt64(limit)
        {
            throw .completed(Self.internalError, location: 0xFFFF)
        }
        guard drive.firmware.download(command.data, at: Int(offset)) else {
            throw .failed(.overlappingRange)
        }
        return AdminResult()
    }

    mutating func commitFirmware() throws(AdminFailure) -> AdminResult {
        let slots = drive.firmware.revisions.count
        let action = bits(3...5, of: 10)
        if action >= 6 { return try commitBootPartition(isReplaced: action == 6) }
        guard action <= 3 else { throw .invalidField(dword: 10) }
        var slot = Int(bits(0...2, of: 10))
        if slot == 0 { slot = firstFreeSlot }
        guard (1...slots).contains(slot) else { throw .failed(.invalidFirmwareSlot) }
        let number = UInt8(slot)
        // Activation at once is of what was downloaded, or of what the slot holds when nothing was.
        let isActivation = action == 2 || action == 3 && drive.firmware.wholeImage == nil
        let before = drive.firmware.activeRevision
        defer { rememberCommit(slot: slot, action: action, before: before) }
        if isActivation {
            guard !drive.firmware.revisions[slot - 1].isEmpty else {
                throw .failed(.invalidFirmwareSlot)
            }
        } else {
            drive.firmware.store(try downloadedImage(for: number, action), inSlot: number)
        }
        let header = drive.firmware.header(ofSlot: number)
        let result = AdminResult(result: header?.overlaps ?? false ? 1 : 0)
        switch action {
        case 0: return result
        case 3 where header?.activation ?? .success == .success:
            drive.firmware.next = nil
            drive.firmware.active = number
            drive.note(.firmwareActivated)
            drive.onChange?()
            return result
        default:
            drive.firmware.next = number
            // Committed; the status says which reset activates it.
            let status = header?.activation ?? .firmwareNeedsSubsystemReset
            guard status != .success else { return result }
            throw .completed(status, location: 0xFFFF)
        }
    }

    /// The image that was downloaded, when it may go into a slot and be activated.
    private func downloadedImage(
        for slot: UInt8,
        _ action: UInt32
    ) throws(AdminFailure) -> FirmwareImageHeader {
        guard slot != 1 || !drive.description.isFirstFirmwareSlotReadOnly else {
            throw .failed(.invalidFirmwareSlot)
        }
        guard let header = drive.firmware.downloadedHeader, !header.isBroken,
            header.isFor(model: drive.description.modelNumber)
        else { throw .failed(.invalidFirmwareImage) }
        guard !header.isProhibited || action == 0 else {
            throw .failed(.firmwareActivationProhibited)
        }
        guard !header.isSlow || action != 3 else {
            throw .completed(.firmwareNeedsMaximumTimeViolation, location: 0xFFFF)
        }
        return header
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

    private static let internalError = NVMeStatus(codeType: 0, code: 0x06)
}
