/// One field of a `Layout`: its place, how to read and write it, and how to show it.
public struct Field<Structure: Sendable>: Sendable {
    /// The name and the place.
    public let description: FieldDescription

    let read: @Sendable (inout Structure, ByteReader, Int) throws(DecodingError) -> Void
    let write: @Sendable (Structure, inout ByteWriter, Int) -> Void
    let values: @Sendable (Structure) -> [NamedValue]
    let overflow: @Sendable (Structure) -> FieldOverflow?

    /// A field with everything given; `read` and `write` get the offset of the structure in the bytes.
    @inline(never)
    @_semantics("optimize.sil.specialize.generic.never")
    init(
        _ description: FieldDescription,
        read: @escaping @Sendable (inout Structure, ByteReader, Int) throws(DecodingError) -> Void,
        write: @escaping @Sendable (Structure, inout ByteWriter, Int) -> Void,
        values: @escaping @Sendable (Structure) -> [NamedValue],
        overflow: @escaping @Sendable (Structure) -> FieldOverflow? = { _ in nil }
    ) {
        self.description = description
        self.read = read
        self.write = write
        self.values = values
        self.overflow = overflow
    }

    /// An integer, enumeration or set of flags that occupies whole bytes.
    ///
    /// - Parameters:
    ///   - name: The name of the field.
    ///   - offset: Its first byte.
    ///   - width: Its bytes when they are fewer than the type has.
    ///   - property: The property that holds it.
    ///   - shown: How it appears among the named values.
    @inline(never)
    @_semantics("optimize.sil.specialize.generic.never")
    public init<Value: WireScalar>(
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
    @inline(never)
    @_semantics("optimize.sil.specialize.generic.never")
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
    @inline(never)
    @_semantics("optimize.sil.specialize.generic.never")
    public init<Value: WireScalar>(
        _ name: String,
        at offset: Int,
        bits: ClosedRange<Int>,
        _ property: any WritableKeyPath<Structure, Value> & Sendable,
        shown: Presentation<Value> = .value
    ) {
        let place = BitPosition(byte: offset, bits: bits)
        let description = FieldDescription(
            name: name,
            firstBit: place.firstBit,
            bitCount: place.bitCount
        )
        self.init(
            description,
            read: { (structure, reader, base) throws(DecodingError) in
                structure[keyPath: property] = Value(
                    wireBits: try reader.bits(place.moved(by: base), name)
                )
            },
            write: { structure, writer, base in
                writer.replace(place.moved(by: base), with: structure[keyPath: property].wireBits)
            },
            values: { shown.values(name, $0[keyPath: property]) },
            overflow: { structure in
                let value = structure[keyPath: property].wireBits
                return value & ~place.mask == 0
                    ? nil : FieldOverflow(field: description, value: value)
            }
        )
    }

    /// Bits that always have one value, such as the selector of a command's variant.
    ///
    /// Reading throws when the value is another; it is not shown.
    @inline(never)
    @_semantics("optimize.sil.specialize.generic.never")
    public init(
        constant name: String,
        at offset: Int,
        bits: ClosedRange<Int>,
        _ value: some WireScalar
    ) {
        let place = BitPosition(byte: offset, bits: bits)
        let constant = value.wireBits
        self.init(
            FieldDescription(name: name, firstBit: place.firstBit, bitCount: place.bitCount),
            read: { (_, reader, base) throws(DecodingError) in
                let got = try reader.bits(place.moved(by: base), name)
                if got != constant {
                    throw DecodingError(
                        subject: reader.subject,
                        field: name,
                        offset: base + offset,
                        expected: "\(constant)",
                        got: "\(got)"
                    )
                }
            },
            write: { _, writer, base in
                writer.replace(place.moved(by: base), with: constant)
            },
            values: { _ in [] }
        )
    }

    /// A value that follows from other fields and occupies no bytes; left out when it is nil.
    @inline(never)
    @_semantics("optimize.sil.specialize.generic.never")
    public init(
        derived name: String,
        _ value: @escaping @Sendable (Structure) -> FieldValue?
    ) {
        self.init(
            FieldDescription(name: name, offset: 0, size: 0),
            read: { (_, _, _) throws(DecodingError) in },
            write: { _, _, _ in },
            values: { structure in value(structure).map { [(name, $0)] } ?? [] }
        )
    }
}
