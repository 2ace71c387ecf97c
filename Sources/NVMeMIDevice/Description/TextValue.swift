/// Readers of the values that stand in a drive description and in fault options.
///
/// Written by hand because the simulator must not need Foundation.
enum TextValue {
    /// The text without white space at its ends.
    static func trimmed(_ text: some StringProtocol) -> String {
        var rest = Substring(text)
        while let first = rest.first, first.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return String(rest)
    }

    /// The parts between commas, trimmed; none for an empty text.
    static func list(_ text: String) -> [String] {
        guard !trimmed(text).isEmpty else { return [] }
        return text.split(separator: ",", omittingEmptySubsequences: false).map(trimmed)
    }

    /// A decimal or `0x` number; underscores may group the digits.
    static func integer(_ text: String) -> UInt64? {
        let digits = text.filter { $0 != "_" }
        if digits.hasPrefix("0x") || digits.hasPrefix("0X") {
            return unsigned(digits.dropFirst(2), radix: 16)
        }
        return unsigned(digits[...], radix: 10)
    }

    /// A decimal number with or without a sign.
    static func signed(_ text: String) -> Int? {
        guard text.hasPrefix("-") else { return integer(text).flatMap { Int(exactly: $0) } }
        return integer(String(text.dropFirst())).flatMap { Int(exactly: $0) }.map { -$0 }
    }

    /// A number of bytes: a plain integer, or one with a decimal (`GB`) or binary (`GiB`) unit.
    static func byteCount(_ text: String) -> UInt64? {
        let units: [(String, UInt64)] = [
            ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40),
            ("kB", 1_000), ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000),
            ("TB", 1_000_000_000_000),
        ]
        for (suffix, unit) in units where text.hasSuffix(suffix) {
            guard let number = integer(trimmed(text.dropLast(suffix.count))) else { return nil }
            let (product, overflow) = number.multipliedReportingOverflow(by: unit)
            return overflow ? nil : product
        }
        return integer(text)
    }

    /// `yes`, `no` and their usual synonyms.
    static func boolean(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "yes", "true", "on", "1": true
        case "no", "false", "off", "0": false
        default: nil
        }
    }

    /// Pairs of hexadecimal digits; white space and the characters of `ignoring` are passed over.
    static func bytes(_ text: String, ignoring: String = "") -> [UInt8]? {
        let digits = text.filter { !$0.isWhitespace && !ignoring.contains($0) }
        guard digits.count.isMultiple(of: 2) else { return nil }
        var result: [UInt8] = []
        var rest = digits[...]
        while !rest.isEmpty {
            guard let value = unsigned(rest.prefix(2), radix: 16) else { return nil }
            result.append(UInt8(truncatingIfNeeded: value))
            rest = rest.dropFirst(2)
        }
        return result
    }

    /// Two digits in lower case.
    static func hexadecimal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return byte < 16 ? "0" + digits : digits
    }

    /// `UInt64(_:radix:)` accepts a leading plus sign, which has no place in these values.
    private static func unsigned(_ digits: Substring, radix: Int) -> UInt64? {
        digits.hasPrefix("+") ? nil : UInt64(digits, radix: radix)
    }
}
