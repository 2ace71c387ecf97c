/// The product information area of Vital Product Data: texts one behind the other, of which each tells its length.
enum ProductInformation {
    /// What the texts are, in order; those behind them are the maker's own.
    private static let names = [
        "Manufacturer", "ProductName", "PartNumber", "Version", "SerialNumber", "AssetTag",
        "FRUFileID",
    ]

    /// The byte that stands in place of a length at the end.
    private static let end: UInt64 = 0xC1

    /// The values of the area, the last byte of which is a checksum.
    static func values(of area: [UInt8]) -> [NamedValue] {
        let view = RecordView(area).part(at: 0, area.count - 1)
        var values: [NamedValue] = [
            ("FormatVersion", .unsigned8(UInt8(truncatingIfNeeded: view.number(at: 0, 1) & 0xF))),
            ("Language", .unsigned8(UInt8(truncatingIfNeeded: view.number(at: 2, 1)))),
        ]
        var custom: [FieldValue] = []
        var place = 3
        var index = 0
        while place < view.count, view.number(at: place, 1) != end {
            let kind = view.int(at: place, 1)
            let content = view.bytes(at: place + 1, kind & 0x3F)
            let value = self.value(of: content, type: kind >> 6)
            if index >= names.count {
                custom.append(value)
            } else if !content.isEmpty {
                values.append((names[index], value))
            }
            index += 1
            place += 1 + kind & 0x3F
        }
        if !custom.isEmpty { values.append(("Custom", .list(custom))) }
        return values
    }

    /// A field by the type in the bits 7:6 before its length: binary, BCD plus, 6-bit ASCII or text.
    private static func value(of content: [UInt8], type: Int) -> FieldValue {
        switch type {
        case 0: return .bytes(content)
        case 1: return .text(String(content.flatMap { [digit($0 >> 4), digit($0 & 0xF)] }))
        case 2: return .text(packed(content))
        default: return .text(content.withUnsafeBytes { FixedText.ascii($0) })
        }
    }

    private static func digit(_ nibble: UInt8) -> Character {
        switch nibble {
        case 0...9: Character(UnicodeScalar(0x30 + nibble))
        case 0xA: " "
        case 0xB: "-"
        case 0xC: "."
        default: "?"
        }
    }

    /// Characters from 20h to 5Fh of 6 bits each, the first in the low bits of the first byte.
    private static func packed(_ content: [UInt8]) -> String {
        var text = ""
        var bits: UInt32 = 0
        var count = 0
        for byte in content {
            bits |= UInt32(byte) << UInt32(count)
            count += 8
            while count >= 6 {
                text.append(Character(UnicodeScalar(0x20 + UInt8(bits & 0x3F))))
                bits >>= 6
                count -= 6
            }
        }
        while text.hasSuffix(" ") { text.removeLast() }
        return text
    }
}
