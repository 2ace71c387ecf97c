/// A set of flags on the wire of which some bits have names; the others survive as they are.
public protocol WireFlags: OptionSet, WireScalar, CustomStringConvertible
where RawValue: FixedWidthInteger & UnsignedInteger & WireScalar, Element == Self {
    /// Names of the bits that have one, in the order of the bits.
    static var names: [(bit: Int, name: String)] { get }
}

extension WireFlags {
    /// The names of the bits that are set, lowest first; a bit without a name is called `Bit` with its number.
    public var setNames: [String] {
        (0..<RawValue.bitWidth).filter { rawValue >> $0 & 1 == 1 }.map { bit in
            Self.names.first { $0.bit == bit }?.name ?? "Bit\(bit)"
        }
    }

    /// The names of the bits that are set, with commas; `none` when there are none.
    public var description: String {
        isEmpty ? "none" : setNames.joined(separator: ", ")
    }

    /// The flags with a name, nil when no bit has it.
    public init?(name: String) {
        guard let bit = Self.names.first(where: { $0.name == name })?.bit else { return nil }
        self.init(rawValue: 1 << bit)
    }

    /// The width of the flags.
    public static var wireBitCount: Int { RawValue.bitWidth }

    /// The flags with these bits.
    public init(wireBits: UInt128) { self.init(rawValue: RawValue(truncatingIfNeeded: wireBits)) }

    /// The bits.
    public var wireBits: UInt128 { UInt128(truncatingIfNeeded: rawValue) }

    /// The names of the bits that are set.
    public var fieldValue: FieldValue { .names(setNames) }

    /// Flags are equal when all their bits are.
    public static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }

    /// Feeds the bits.
    public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}
