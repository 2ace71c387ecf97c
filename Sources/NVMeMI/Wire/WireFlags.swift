/// A set of flags on the wire of which some bits have names; the others survive as they are.
///
/// Has what sets of flags need of `OptionSet` without conforming to it: the conformance would cost each of the many types
/// some kilobytes for operations that are the same for all.
public protocol WireFlags: RawRepresentable, WireScalar, ExpressibleByArrayLiteral,
    CustomStringConvertible
where RawValue: FixedWidthInteger & UnsignedInteger & WireScalar, ArrayLiteralElement == Self {
    /// The flags with these bits; every combination is valid.
    init(rawValue: RawValue)

    /// Names of the bits that have one, in the order of the bits.
    static var names: [(bit: Int, name: String)] { get }
}

extension WireFlags {
    /// No flags.
    public init() { self.init(rawValue: 0) }

    /// All flags of the elements.
    public init(arrayLiteral elements: Self...) {
        self.init(rawValue: elements.reduce(0) { $0 | $1.rawValue })
    }

    /// True when no flag is set.
    public var isEmpty: Bool { rawValue == 0 }

    /// True when all of the other's flags are set.
    public func contains(_ other: Self) -> Bool { rawValue & other.rawValue == other.rawValue }

    /// True when none of the other's flags is set.
    public func isDisjoint(with other: Self) -> Bool { rawValue & other.rawValue == 0 }

    /// The flags of both.
    public func union(_ other: Self) -> Self { Self(rawValue: rawValue | other.rawValue) }

    /// The flags that both have.
    public func intersection(_ other: Self) -> Self { Self(rawValue: rawValue & other.rawValue) }

    /// The flags that the other does not have.
    public func subtracting(_ other: Self) -> Self { Self(rawValue: rawValue & ~other.rawValue) }

    /// Sets flags.
    public mutating func insert(_ other: Self) { self = union(other) }

    /// Clears flags.
    public mutating func remove(_ other: Self) { self = subtracting(other) }
}

extension WireFlags {
    /// The names of the bits that are set, in their order; a bit without a name is reserved and says nothing.
    public var setNames: [String] {
        Self.names.names(of: UInt64(truncatingIfNeeded: rawValue))
    }

    /// The names of the bits that are set, with commas; `none` when there are none.
    public var description: String {
        let names = setNames
        return names.isEmpty ? "none" : names.joined(separator: ", ")
    }

    /// All flags that have a name.
    public static var named: Self { Self(rawValue: names.reduce(0) { $0 | 1 << $1.bit }) }

    /// The flags with a name, nil when no bit has it.
    public init?(name: String) {
        guard let bit = Self.names.first(where: { $0.name == name })?.bit else { return nil }
        self.init(rawValue: 1 << bit)
    }

    /// A set of flags with names.
    public static var nature: ScalarNature { .flags(names) }

    /// Flags are equal when all their bits are.
    public static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }

    /// Feeds the bits.
    public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}
