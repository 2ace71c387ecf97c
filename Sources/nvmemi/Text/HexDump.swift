/// Bytes as hexadecimal text.
enum HexDump {
    /// Lower-case digits without separators, two for each byte.
    static func digits(_ bytes: some Sequence<UInt8>) -> String {
        var text = ""
        for byte in bytes { text += digits(UInt64(byte), width: 2) }
        return text
    }

    /// The lower-case digits of a number, filled with zeros to a width.
    static func digits(_ number: UInt64, width: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    /// Lines of sixteen bytes with their offset and, beside them, what is readable as ASCII; a run of
    /// equal lines is one asterisk, and the last line is the length, as `hexdump -C` writes it.
    static func lines(_ bytes: [UInt8]) -> [String] {
        var lines: [String] = []
        var previous: ArraySlice<UInt8>?
        var offset = 0
        while offset < bytes.count {
            let row = bytes[offset..<min(offset + 16, bytes.count)]
            if let previous, previous.elementsEqual(row) {
                if lines.last != "*" { lines.append("*") }
            } else {
                lines.append(line(row, at: offset))
            }
            previous = row
            offset += 16
        }
        lines.append(digits(UInt64(bytes.count), width: 8))
        return lines
    }

    private static func line(_ row: ArraySlice<UInt8>, at offset: Int) -> String {
        var hexadecimal = ""
        var readable = ""
        for (column, byte) in row.enumerated() {
            hexadecimal += (column == 8 ? "  " : " ") + digits(UInt64(byte), width: 2)
            readable += (0x20..<0x7f).contains(byte) ? String(UnicodeScalar(byte)) : "."
        }
        let filled = Columns.padded(hexadecimal, to: 49, .leading)
        return "\(digits(UInt64(offset), width: 8)) \(filled)  |\(readable)|"
    }
}
