/// One field of a `Layout`: its place, the property that holds it, and how to show it.
///
/// A declaration is worth the numbers of a `FieldEntry`: initializers are inlined, so that of a key path only the offset of
/// its property remains, and of a presentation its number.
public struct Field<Structure: Sendable>: Sendable {
    let entry: FieldEntry

    @inline(__always)
    init(_ entry: FieldEntry) { self.entry = entry }

    /// An integer, enumeration or set of flags that occupies whole bytes.
    ///
    /// - Parameters:
    ///   - name: The name of the field.
    ///   - offset: Its first byte.
    ///   - width: Its bytes when they are fewer than the type has.
    ///   - property: The property that holds it.
    ///   - shown: How it appears among the named values.
    @inline(__always)
    public init<Value: WireScalar>(
        _ name: String,
        at offset: Int,
        width: Int = MemoryLayout<Value>.size,
        _ property: any WritableKeyPath<Structure, Value> & Sendable,
        shown: Presentation<Value> = .value
    ) {
        self.init(name, at: offset, bits: 0...width * 8 - 1, property, shown: shown)
    }

    /// A yes or no that occupies one bit of the byte or integer at `offset`.
    @inline(__always)
    public init(
        _ name: String,
        at offset: Int,
        bit: Int,
        _ property: any WritableKeyPath<Structure, Bool> & Sendable,
        shown: Presentation<Bool> = .value
    ) {
        self.init(name, at: offset, bits: bit...bit, property, shown: shown)
    }

    /// An integer, enumeration or set of flags that occupies some bits of the little-endian integer at `offset`.
    @inline(__always)
    public init<Value: WireScalar>(
        _ name: String,
        at offset: Int,
        bits: ClosedRange<Int>,
        _ property: any WritableKeyPath<Structure, Value> & Sendable,
        shown: Presentation<Value> = .value
    ) {
        entry = FieldEntry(
            name,
            firstBit: offset * 8 + bits.lowerBound,
            bitCount: bits.upperBound - bits.lowerBound + 1,
            memory: MemoryLayout<Structure>.offset(of: property),
            storage: FieldStorage(of: Value.self),
            shown: shown.shown,
            parameter: shown.parameter,
            type: Value.self,
            code: shown.code
        )
    }

    /// Bits of a property that is computed from others; it is not shown.
    @inline(never)
    public init<Value: WireScalar & FixedWidthInteger & UnsignedInteger>(
        _ name: String,
        at offset: Int,
        bits: ClosedRange<Int>,
        computed property: any WritableKeyPath<Structure, Value> & Sendable
    ) {
        entry = FieldEntry(
            name,
            firstBit: offset * 8 + bits.lowerBound,
            bitCount: bits.count,
            memory: 0,
            storage: .code,
            code: .accessor(
                get: { UInt128($0.structure(Structure.self)[keyPath: property]) },
                set: {
                    $0.assumingMemoryBound(to: Structure.self).pointee[keyPath: property] =
                        Value(truncatingIfNeeded: $1)
                }
            )
        )
    }

    /// Bits that always have one value, such as the selector of a command's variant.
    ///
    /// Reading throws when the value is another; it is not shown.
    @inline(__always)
    public init(constant name: String, at offset: Int, bits: ClosedRange<Int>, _ value: UInt8) {
        entry = FieldEntry(
            name,
            firstBit: offset * 8 + bits.lowerBound,
            bitCount: bits.upperBound - bits.lowerBound + 1,
            memory: 0,
            storage: .constant,
            parameter: UInt32(value)
        )
    }

    /// A value that follows from other fields and occupies no bytes; left out when it is nil.
    @inline(__always)
    public init(
        derived name: String,
        _ value: @escaping @Sendable (Structure) -> FieldValue?
    ) {
        entry = FieldEntry(
            name,
            firstBit: 0,
            bitCount: 0,
            memory: 0,
            storage: .derived,
            shown: .code,
            code: .show { value($0.structure(Structure.self)) }
        )
    }
}

extension UnsafeRawPointer {
    /// The structure here.
    @inline(__always)
    func structure<Structure>(_ type: Structure.Type) -> Structure {
        assumingMemoryBound(to: Structure.self).pointee
    }
}
