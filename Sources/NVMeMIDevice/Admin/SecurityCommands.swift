internal import NVMeMI

/// Security Send and Security Receive.
extension AdminContext {
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
