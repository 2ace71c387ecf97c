/// Where an endpoint is on its medium, below endpoint IDs (DSP0236, "physical address").
public struct PhysicalAddress: Hashable, Sendable, CustomStringConvertible {
    /// The name of the network interface, such as `mctpi2c6` for I2C bus 6.
    public let interface: String
    /// The address on it, such as the seven bits of an I2C address; empty where a medium has none.
    public let bytes: [UInt8]

    /// An address of its parts.
    public init(interface: String, bytes: [UInt8]) {
        self.interface = interface
        self.bytes = bytes
    }

    /// Both parts, such as `mctpi2c6 0x1d`.
    public var description: String {
        bytes.isEmpty ? interface : "\(interface) \(Self.text(bytes))"
    }

    /// An address as people write it: `0x1d`, or `00:1a:2b` where it has several bytes.
    public static func text(_ bytes: [UInt8]) -> String {
        let digits = bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }
        return digits.count == 1 ? "0x" + digits[0] : digits.joined(separator: ":")
    }

    /// Reads an address as ``text(_:)`` writes it; nil when it is none.
    public static func bytes(_ text: String) -> [UInt8]? {
        let isSingle = text.hasPrefix("0x") || text.hasPrefix("0X")
        let parts =
            isSingle
            ? [Substring(text.dropFirst(2))]
            : text.split(separator: ":", omittingEmptySubsequences: false)
        guard isSingle || parts.count > 1, parts.count <= Self.longest else { return nil }
        let bytes = parts.compactMap { part in
            (1...2).contains(part.utf8.count) && part.allSatisfy(\.isHexDigit)
                ? UInt8(part, radix: 16) : nil
        }
        return bytes.count == parts.count ? bytes : nil
    }

    /// Bytes that an address on any medium has at most (Linux: MAX_ADDR_LEN).
    static let longest = 32
}
