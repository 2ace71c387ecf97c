/// One field of a `Layout`: its place, how to read and write it, and how to show it.
///
/// A class, as a structure of so many closures would be copied, closure by closure, at every use.
public final class Field<Structure: Sendable>: Sendable {
    /// The name and the place.
    public let description: FieldDescription

    let access: Access

    /// How a field gets at the bytes and at the property.
    enum Access: Sendable {
        /// A number at a place; what needs no knowledge of its type is done once for all fields by the layout.
        case bits(
            BitPosition,
            get: @Sendable (Structure) -> UInt128,
            set: @Sendable (inout Structure, UInt128) -> Void,
            show: @Sendable (String, UInt128) -> [NamedValue]
        )
        /// Bits that always have one value.
        case constant(BitPosition, UInt128)
        /// Whole bytes; reading and writing get the bytes of the field alone.
        case bytes(
            get: @Sendable (Structure) -> [UInt8],
            set: @Sendable (inout Structure, [UInt8]) -> Void,
            show: @Sendable (String, Structure) -> [NamedValue]
        )
        /// Other structures; reading and writing get the offset of the field in the bytes.
        case structures(
            read: @Sendable (inout Structure, ByteReader, Int) throws(DecodingError) -> Void,
            write: @Sendable (Structure, inout ByteWriter, Int) -> Void,
            show: @Sendable (String, Structure) -> [NamedValue]
        )
        /// No bytes at all.
        case derived(@Sendable (Structure) -> FieldValue?)
    }

    init(_ description: FieldDescription, _ access: Access) {
        self.description = description
        self.access = access
    }

    /// An integer, enumeration or set of flags that occupies whole bytes.
    ///
    /// - Parameters:
    ///   - name: The name of the field.
    ///   - offset: Its first byte.
    ///   - width: Its bytes when they are fewer than the type has.
    ///   - property: The property that holds it.
    ///   - shown: How it appears among the named values.
    public convenience init<Value: WireScalar>(
        _ name: String,
        at offset: Int,
        width: Int? = nil,
        _ property: any WritableKeyPath<Structure, Value> & Sendable,
        shown: Presentation<Value> = .value
    ) {
        let bitCount = width.map { $0 * 8 } ?? (Value.wireBitCount + 7) / 8 * 8
        self.init(name, at: offset, bits: 0...bitCount - 1, property, shown: shown)
    }

    /// A yes or no that occupies one bit of the byte or integer at `offset`.
    public convenience init(
        _ name: String,
        at offset: Int,
        bit: Int,
        _ property: any WritableKeyPath<Structure, Bool> & Sendable,
        shown: Presentation<Bool> = .value
    ) {
        self.init(name, at: offset, bits: bit...bit, property, shown: shown)
    }

    /// An integer, enumeration or set of flags that occupies some bits of the little-endian integer at `offset`.
    @inline(never)
    public convenience init<Value: WireScalar>(
        _ name: String,
        at offset: Int,
        bits: ClosedRange<Int>,
        _ property: any WritableKeyPath<Structure, Value> & Sendable,
        shown: Presentation<Value> = .value
    ) {
        let place = BitPosition(byte: offset, bits: bits)
        self.init(
            FieldDescription(name: name, place),
            .bits(
                place,
                get: { $0[keyPath: property].wireBits },
                set: { $0[keyPath: property] = Value(wireBits: $1) },
                show: shown.valuesOfBits
            )
        )
    }

    /// Bits that always have one value, such as the selector of a command's variant.
    ///
    /// Reading throws when the value is another; it is not shown.
    public convenience init(
        constant name: String,
        at offset: Int,
        bits: ClosedRange<Int>,
        _ value: some WireScalar
    ) {
        let place = BitPosition(byte: offset, bits: bits)
        self.init(FieldDescription(name: name, place), .constant(place, value.wireBits))
    }

    /// A value that follows from other fields and occupies no bytes; left out when it is nil.
    @inline(never)
    public convenience init(
        derived name: String,
        _ value: @escaping @Sendable (Structure) -> FieldValue?
    ) {
        self.init(FieldDescription(name: name, offset: 0, size: 0), .derived(value))
    }
}

extension FieldDescription {
    fileprivate init(name: String, _ place: BitPosition) {
        self.init(name: name, firstBit: place.firstBit, bitCount: place.bitCount)
    }
}
