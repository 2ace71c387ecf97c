internal import NVMeMI

/// Get Log Page.
extension AdminContext {
    func logPage() throws(AdminFailure) -> AdminResult {
        let identifier = UInt8(truncatingIfNeeded: dword(10))
        guard let page = AdminContext.logPages.first(where: { $0.identifier == identifier }),
            page.exists(in: drive)
        else {
            throw .failed(.invalidLogPage, location: 40)
        }
        let dwords = UInt64(bits(0...15, of: 11)) << 16 | UInt64(bits(16...31, of: 10))
        let hasOffset = drive.description.hasLogPageOffset
        // Without offsets there are twelve bits of dwords.
        let requested = ((hasOffset ? dwords : dwords & 0xFFF) + 1) * 4
        let offset = hasOffset ? UInt64(dword(13)) << 32 | UInt64(dword(12)) : 0
        if drive.description.refusesRetainedEvents, bits(15...15, of: 10) == 1 {
            throw .invalidField(dword: 10)
        }
        // Offsets that count entries instead of bytes are not supported for any page.
        guard offset.isMultiple(of: 4), bits(23...23, of: 14) == 0 else {
            throw .invalidField(dword: 12)
        }
        let content = try page.content(self)
        guard offset <= UInt64(content.length) else { throw .invalidField(dword: 12) }
        let start = Int(offset)
        // What a host asks for beyond the end of a page is undefined; zeroes are kind.
        return AdminResult(length: Int(clamping: requested)) { range in
            let end = min(start + range.upperBound, content.length)
            let begin = min(start + range.lowerBound, end)
            let bytes = content.bytes(begin..<end)
            return bytes + Array(repeating: 0, count: range.count - bytes.count)
        }
    }
}
