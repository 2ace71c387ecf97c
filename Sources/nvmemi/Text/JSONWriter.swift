/// Writes data as JSON: two spaces of indentation, keys in the order given, one line feed at the end.
///
/// Byte strings become lower-case hexadecimal text. JSON has no word for the numbers that are none, so
/// they become null.
struct JSONWriter {
    private var text = ""

    /// The JSON document for a value.
    static func document(_ datum: Datum) -> String {
        var writer = JSONWriter()
        writer.write(datum, indentation: 0)
        writer.text += "\n"
        return writer.text
    }

    /// The same on one line, for one document after the other.
    static func line(_ datum: Datum) -> String {
        var writer = JSONWriter()
        writer.isOnOneLine = true
        writer.write(datum, indentation: 0)
        return writer.text + "\n"
    }

    private var isOnOneLine = false

    private mutating func write(_ datum: Datum, indentation: Int) {
        switch datum {
        case .null: text += "null"
        case .boolean(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .unsigned(let value): text += String(value)
        case .real(let value): text += value.isFinite ? "\(value)" : "null"
        case .text(let value): write(value)
        case .bytes(let bytes): write(HexDump.digits(bytes))
        case .list(let values):
            write(values, between: ("[", "]"), indentation: indentation) { writer, value, inner in
                writer.write(value, indentation: inner)
            }
        case .dictionary(let entries):
            write(entries, between: ("{", "}"), indentation: indentation) { writer, entry, inner in
                writer.write(entry.key)
                writer.text += ": "
                writer.write(entry.value, indentation: inner)
            }
        }
    }

    private mutating func write<Element>(
        _ elements: [Element],
        between brackets: (String, String),
        indentation: Int,
        _ writeElement: (inout JSONWriter, Element, Int) -> Void
    ) {
        text += brackets.0
        for (index, element) in elements.enumerated() {
            if isOnOneLine {
                text += index == 0 ? "" : ", "
            } else {
                text += index == 0 ? "\n" : ",\n"
                text += String(repeating: " ", count: indentation + 2)
            }
            writeElement(&self, element, indentation + 2)
        }
        if !elements.isEmpty, !isOnOneLine {
            text += "\n" + String(repeating: " ", count: indentation)
        }
        text += brackets.1
    }

    /// A text as it stands between the quotes.
    static func inner(_ text: String) -> String {
        String(line(.text(text)).dropFirst().dropLast(2))
    }

    private mutating func write(_ string: String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7f:
                text += "\\u" + HexDump.digits(UInt64(scalar.value), width: 4)
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
