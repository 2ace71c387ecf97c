/// The fields of a fixed-size structure with their places: declared once, used to read, to write and to show it.
public struct Layout<Structure: Sendable>: Sendable {
    /// What the structure is called in errors, such as `SMART / Health Information`.
    public let name: String

    /// Size in bytes, including reserved ones.
    public let size: Int

    /// The fields in the order of declaration.
    public let fields: [Field<Structure>]

    /// Declares a structure.
    ///
    /// - Precondition: every field lies within `size`.
    public init(
        _ name: String,
        size: Int,
        @LayoutBuilder<Structure> fields: () -> [Field<Structure>]
    ) {
        self.name = name
        self.size = size
        self.fields = fields()
        for field in self.fields {
            let description = field.description
            precondition(
                description.firstBit >= 0
                    && description.firstBit + description.bitCount <= size * 8,
                "\(name): \(description.name) lies beyond the \(size) bytes"
            )
        }
    }

    /// Names and places of the fields that occupy bytes.
    public var table: [FieldDescription] {
        fields.map(\.description).filter { $0.bitCount > 0 }
    }

    /// The values of the fields in the order of declaration.
    public func namedValues(of structure: Structure) -> [NamedValue] {
        fields.flatMap { $0.values(structure) }
    }

    /// The first field whose value needs more bits than it has on the wire, and would lose some by writing.
    public func overflow(in structure: Structure) -> FieldOverflow? {
        for field in fields {
            if let overflow = field.overflow(structure) { return overflow }
        }
        return nil
    }

    /// Sets the fields of a structure from the bytes at `base`.
    ///
    /// Bytes beyond the size are left alone; too few are an error that names the first field without its bytes.
    func read(
        into structure: inout Structure,
        from reader: ByteReader,
        at base: Int = 0
    ) throws(DecodingError) {
        for field in fields { try field.read(&structure, reader, base) }
        // Reserved bytes at the end belong to the structure even though no field asks for them.
        if reader.count - base < size {
            throw DecodingError(
                subject: reader.subject,
                field: "end of structure",
                offset: base + size,
                expected: byteCount(size),
                got: byteCount(max(0, reader.count - base))
            )
        }
    }

    /// Sets those fields of a structure that lie within the bytes, and leaves the others as they are.
    func readPrefix(
        into structure: inout Structure,
        from reader: ByteReader
    ) throws(DecodingError) {
        for field in fields
        where (field.description.firstBit + field.description.bitCount + 7) / 8 <= reader.count {
            try field.read(&structure, reader, 0)
        }
    }

    /// Stores the fields into bytes that were written before, from `base` on.
    func write(_ structure: Structure, into writer: inout ByteWriter, at base: Int) {
        for field in fields { field.write(structure, &writer, base) }
    }

    /// Appends the structure; reserved bytes are zero.
    func append(_ structure: Structure, to writer: inout ByteWriter) {
        let base = writer.count
        writer.append(zeros: size)
        write(structure, into: &writer, at: base)
    }
}

/// A value that does not fit into its field.
public struct FieldOverflow: Equatable, Sendable {
    /// The field.
    public let field: FieldDescription
    /// The value.
    public let value: UInt128
}

/// Collects the fields of a `Layout`.
@resultBuilder
public enum LayoutBuilder<Structure: Sendable> {
    /// A field.
    @inline(never)
    @_semantics("optimize.sil.specialize.generic.never")
    public static func buildExpression(_ field: Field<Structure>) -> [Field<Structure>] { [field] }

    /// Several fields.
    @inline(never)
    @_semantics("optimize.sil.specialize.generic.never")
    public static func buildExpression(_ fields: [Field<Structure>]) -> [Field<Structure>] {
        fields
    }

    /// All fields in order.
    @inline(never)
    @_semantics("optimize.sil.specialize.generic.never")
    public static func buildBlock(_ fields: [Field<Structure>]...) -> [Field<Structure>] {
        fields.flatMap { $0 }
    }
}
