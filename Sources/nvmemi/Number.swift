import ArgumentParser

/// Numbers on the command line: decimal, or hexadecimal after `0x`.
enum Number {
    @Sendable
    static func parse<Integer: FixedWidthInteger>(_ text: String) throws -> Integer {
        guard let number = Integer(number: text) else {
            throw ValidationError(
                "“\(text)” is not a number from \(Integer.min) to \(Integer.max)."
            )
        }
        return number
    }
}

extension FixedWidthInteger {
    /// The number a person wrote: decimal, or hexadecimal after `0x`.
    init?(number text: some StringProtocol) {
        guard let first = text.first, first.isNumber else { return nil }
        if text.hasPrefix("0x") || text.hasPrefix("0X") {
            self.init(text.dropFirst(2), radix: 16)
        } else {
            self.init(text, radix: 10)
        }
    }

    /// The same with a unit behind it, such as `400kHz`, `400 k` or `1MHz`.
    init?(scaled text: String) {
        if let number = Self(number: text) {
            self = number
            return
        }
        let digits = text.prefix { $0.isNumber }
        let units: [String: Self?] = [
            "hz": 1, "k": Self(exactly: 1_000), "khz": Self(exactly: 1_000),
            "m": Self(exactly: 1_000_000), "mhz": Self(exactly: 1_000_000),
        ]
        let unit = text.dropFirst(digits.count).filter { $0 != " " }.lowercased()
        guard let number = Self(number: digits), let factor = units[unit] ?? nil else { return nil }
        let (product, overflows) = number.multipliedReportingOverflow(by: factor)
        guard !overflows else { return nil }
        self = product
    }
}
