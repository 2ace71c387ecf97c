import ArgumentParser

/// Numbers on the command line: decimal, or hexadecimal after `0x`.
enum Number {
    @Sendable
    static func parse<Integer: FixedWidthInteger>(_ text: String) throws -> Integer {
        guard let number = Integer(number: text) else {
            throw ValidationError(
                "“\(text)” is not a number from \(Integer.min) to \(Integer.max).")
        }
        return number
    }
}
