/// The grammar of D-Bus names (D-Bus specification, "Valid Names").
///
/// libdbus ends the process when it is handed a name outside the grammar, so every name passes
/// through here first.
enum NameGrammar {
    static let maximumLength = 255

    static func isObjectPath(_ text: String) -> Bool {
        var previous: UInt8 = 0
        var length = 0
        for byte in text.utf8 {
            if length == 0 {
                guard byte == slash else { return false }
            } else if byte == slash {
                guard previous != slash else { return false }
            } else if !isWordByte(byte) {
                return false
            }
            previous = byte
            length += 1
        }
        return length == 1 || (length > 1 && previous != slash)
    }

    static func isMember(_ text: String) -> Bool {
        var length = 0
        for byte in text.utf8 {
            guard isWordByte(byte), length > 0 || !isDigit(byte) else { return false }
            length += 1
        }
        return length > 0 && length <= maximumLength
    }

    /// Interface names; error names share the grammar.
    static func isInterface(_ text: String) -> Bool {
        isDotted(text.utf8, minimumElements: 2, hyphen: false, leadingDigit: false)
    }

    static func isUniqueName(_ text: String) -> Bool {
        text.utf8.first == colon && text.utf8.count <= maximumLength
            && isDotted(
                text.utf8.dropFirst(),
                minimumElements: 2,
                hyphen: true,
                leadingDigit: true
            )
    }

    static func isBusName(_ text: String) -> Bool {
        isUniqueName(text)
            || isDotted(text.utf8, minimumElements: 2, hyphen: true, leadingDigit: false)
    }

    private static func isDotted(
        _ text: some Sequence<UInt8>,
        minimumElements: Int,
        hyphen: Bool,
        leadingDigit: Bool
    ) -> Bool {
        var length = 0
        var elements = 1
        var elementLength = 0
        for byte in text {
            length += 1
            if byte == dot {
                guard elementLength > 0 else { return false }
                elements += 1
                elementLength = 0
                continue
            }
            guard isWordByte(byte) || (hyphen && byte == self.hyphen),
                leadingDigit || elementLength > 0 || !isDigit(byte)
            else { return false }
            elementLength += 1
        }
        return elementLength > 0 && elements >= minimumElements && length <= maximumLength
    }

    private static let slash = UInt8(ascii: "/")
    private static let dot = UInt8(ascii: ".")
    private static let colon = UInt8(ascii: ":")
    private static let hyphen = UInt8(ascii: "-")

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        let lower = byte | 0x20
        return (lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")) || isDigit(byte)
            || byte == UInt8(ascii: "_")
    }
}
