internal import NVMeMI

/// Device Self-test, Sanitize and Security.
extension AdminContext {
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
}
