extension FixedWidthInteger where Self: UnsignedInteger {
    /// The number as the standards write it: upper-case hexadecimal digits followed by `h`, such as `0Ah`.
    ///
    /// As many digits as the type can need, or `digits` when given; never fewer than the value needs.
    func hexadecimal(digits: Int = (Self.bitWidth + 3) / 4) -> String {
        let text = String(self, radix: 16, uppercase: true)
        return String(repeating: "0", count: Swift.max(0, digits - text.count)) + text + "h"
    }
}

/// A count with its noun, such as `1 byte` or `20 bytes`.
func byteCount(_ count: Int) -> String {
    count == 1 ? "1 byte" : "\(count) bytes"
}
