/// Text in fields of fixed size.
enum FixedText {
    /// The text before the first NUL without spaces around it; bytes other than printable ASCII become `?`.
    ///
    /// Spaces are dropped in front as well because serial numbers come justified to either side.
    static func ascii(_ bytes: UnsafeRawBufferPointer) -> String {
        var end = bytes.firstIndex(of: 0) ?? bytes.count
        var start = 0
        while start < end, bytes[start] == 0x20 { start += 1 }
        while end > start, bytes[end - 1] == 0x20 { end -= 1 }
        let text = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
        if isPrintable(text) { return String(decoding: text, as: UTF8.self) }
        return String(
            decoding: text.map { 0x20...0x7E ~= $0 ? $0 : UInt8(ascii: "?") },
            as: UTF8.self
        )
    }

    /// The text before the first NUL, wrong UTF-8 repaired, control characters dropped.
    static func utf8(_ bytes: UnsafeRawBufferPointer) -> String {
        let end = bytes.firstIndex(of: 0) ?? bytes.count
        let bytes = UnsafeRawBufferPointer(rebasing: bytes[..<end])
        let text = String(decoding: bytes, as: UTF8.self)
        if isPrintable(bytes) { return text }
        let scalars = text.unicodeScalars.filter { $0.properties.generalCategory != .control }
        return String(String.UnicodeScalarView(scalars))
    }

    private static func isPrintable(_ bytes: UnsafeRawBufferPointer) -> Bool {
        for byte in bytes where byte < 0x20 || byte > 0x7E { return false }
        return true
    }

    /// The bytes of the text, cut or filled to `size`; never cut within a character.
    static func padded(_ text: String, size: Int, with filler: UInt8) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size)
        for scalar in text.unicodeScalars {
            let encoded = UTF8.encode(scalar)
            guard let encoded, bytes.count + encoded.count <= size else { break }
            bytes.append(contentsOf: encoded)
        }
        bytes.append(contentsOf: repeatElement(filler, count: size - bytes.count))
        return bytes
    }
}
