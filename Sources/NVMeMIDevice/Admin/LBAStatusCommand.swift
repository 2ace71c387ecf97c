internal import NVMeMI

/// Get LBA Status: which blocks may be unreadable, or are allocated.
extension AdminContext {
    func lbaStatus() throws(AdminFailure) -> AdminResult {
        guard let namespace = drive.namespaces[command.namespace], isActive(namespace) else {
            throw .invalidNamespace
        }
        let start = UInt64(dword(11)) << 32 | UInt64(dword(10))
        guard start < namespace.blocks else { throw .failed(Self.outOfRange, location: 40) }
        let type = UInt8(bits(24...31, of: 13))
        guard [0x02, 0x10, 0x11].contains(type) else { throw .invalidField(dword: 13, byte: 3) }
        let size = (UInt64(dword(12)) + 1) * 4
        var image = ByteImage(size: 8)
        // All of what was asked about has been looked at.
        image.put(UInt8(2), at: 4)
        // What is in use is at the beginning, as if it had been written in order.
        if type == 0x02, start < namespace.used {
            image.put(UInt32(1), at: 0)
            let asked = bits(0...15, of: 13)
            let count = min(namespace.used - start, asked == 0 ? UInt64.max : UInt64(asked))
            image.append(
                littleEndian(start) + littleEndian(UInt32(clamping: count - 1)) + [0, 0, 0, 2]
            )
        }
        let bytes = image.bytes
        return AdminResult(length: Int(clamping: size)) { range in
            let part = Array(bytes.dropFirst(range.lowerBound).prefix(range.count))
            return part + Array(repeating: 0, count: range.count - part.count)
        }
    }

    private static let outOfRange = NVMeStatus(codeType: 0, code: 0x80)
}
