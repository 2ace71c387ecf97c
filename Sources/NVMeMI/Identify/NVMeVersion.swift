/// A version of the NVMe base specification, as Identify Controller has it (VER).
public struct NVMeVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Major version 31:16, minor 15:8, tertiary 7:0; 0 for a controller of before 1.2 that does not tell.
    public let rawValue: UInt32

    /// The version with a number.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// A version by its parts.
    public init(_ major: UInt16, _ minor: UInt8, _ tertiary: UInt8 = 0) {
        rawValue = UInt32(major) << 16 | UInt32(minor) << 8 | UInt32(tertiary)
    }

    /// Older ones are less.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// The three parts with points between, such as `1.4.0`.
    public var description: String {
        "\(rawValue >> 16).\(rawValue >> 8 & 0xFF).\(rawValue & 0xFF)"
    }
}
