/// Text in fields of fixed size.
enum FixedText {
    /// The text before the first NUL without spaces around it; bytes other than printable ASCII become `?`.
    ///
    /// Spaces are dropped in front as well because serial numbers come justified to either side.
    static func ascii(_ bytes: [UInt8]) -> String {
        let text = bytes.prefix { $0 != 0 }
        let start = text.firstIndex { $0 != 0x20 } ?? text.endIndex
        let end = text.lastIndex { $0 != 0x20 } ?? start
        guard start < text.endIndex else { return "" }
        let printable = text[start...end].map { 0x20...0x7E ~= $0 ? $0 : UInt8(ascii: "?") }
        return String(decoding: printable, as: UTF8.self)
    }

    /// The text before the first NUL, wrong UTF-8 repaired, control characters dropped.
    static func utf8(_ bytes: [UInt8]) -> String {
        let text = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        let scalars = text.unicodeScalars.filter { $0.properties.generalCategory != .control }
        return String(String.UnicodeScalarView(scalars))
    }

    /// The bytes of the text, cut or filled to `size`; never cut within a character.
    static func padded(_ text: String, size: Int, with filler: UInt8) -> [UInt8] {
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            let encoded = Array(String(Character(scalar)).utf8)
            if bytes.count + encoded.count > size { break }
            bytes += encoded
        }
        return bytes + Array(repeating: filler, count: size - bytes.count)
    }
}
