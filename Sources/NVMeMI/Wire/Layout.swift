/// The fields of a fixed-size structure with their places: declared once, used to read, to write and to show it.
public struct Layout<Structure: Sendable>: Sendable {
    // The methods here, and those of the commands that come to them, are not specialized: left to itself the optimizer
    // makes a copy for each of some seventy types, which is a third of the module's code and not faster, since the work is
    // done in the closures of the fields.

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
    @_semantics("optimize.sil.specialize.generic.never")
    public func namedValues(of structure: Structure) -> [NamedValue] {
        var values: [NamedValue] = []
        values.reserveCapacity(fields.count)
        for field in fields {
            let name = field.description.name
            switch field.access {
            case .bits(_, let get, _, let show): values += show(name, get(structure))
            case .constant: break
            case .bytes(_, _, let show): values += show(name, structure)
            case .structures(_, _, let show): values += show(name, structure)
            case .derived(let value):
                if let value = value(structure) { values.append((name, value)) }
            }
        }
        return values
    }

    /// The first field whose value needs more bits than it has on the wire, and would lose some by writing.
    @_semantics("optimize.sil.specialize.generic.never")
    public func overflow(in structure: Structure) -> FieldOverflow? {
        for field in fields {
            if case .bits(let place, let get, _, _) = field.access {
                let value = get(structure)
                if value & ~place.mask != 0 {
                    return FieldOverflow(field: field.description, value: value)
                }
            }
        }
        return nil
    }

    /// Sets the fields of a structure from the bytes at `base`.
    ///
    /// Bytes beyond the size are left alone; too few are an error that names the first field without its bytes.
    @_semantics("optimize.sil.specialize.generic.never")
    func read(
        into structure: inout Structure,
        from reader: ByteReader,
        at base: Int = 0
    ) throws(DecodingError) {
        for field in fields { try read(field, into: &structure, from: reader, at: base) }
        // Reserved bytes at the end belong to the structure even though no field asks for them.
        try reader.require(size, at: base)
    }

    /// Sets those fields of a structure that lie within the bytes, and leaves the others as they are.
    @_semantics("optimize.sil.specialize.generic.never")
    func readPrefix(
        into structure: inout Structure,
        from reader: ByteReader
    ) throws(DecodingError) {
        for field in fields where field.description.end <= reader.count {
            try read(field, into: &structure, from: reader, at: 0)
        }
    }

    @_semantics("optimize.sil.specialize.generic.never")
    private func read(
        _ field: Field<Structure>,
        into structure: inout Structure,
        from reader: ByteReader,
        at base: Int
    ) throws(DecodingError) {
        switch field.access {
        case .bits(let place, _, let set, _):
            set(&structure, try reader.bits(place.moved(by: base), field.description.name))
        case .constant(let place, let value):
            try reader.require(value, at: place.moved(by: base), field.description.name)
        case .bytes(_, let set, _):
            let description = field.description
            let offset = base + description.offset
            set(
                &structure,
                try reader.bytes(at: offset, count: description.size, description.name)
            )
        case .structures(let read, _, _):
            try read(&structure, reader, base + field.description.offset)
        case .derived: break
        }
    }

    /// Stores the fields into bytes that were written before, from `base` on.
    @_semantics("optimize.sil.specialize.generic.never")
    func write(_ structure: Structure, into writer: inout ByteWriter, at base: Int) {
        for field in fields {
            let offset = base + field.description.offset
            switch field.access {
            case .bits(let place, let get, _, _):
                writer.replace(place.moved(by: base), with: get(structure))
            case .constant(let place, let value):
                writer.replace(place.moved(by: base), with: value)
            case .bytes(let get, _, _):
                writer.replace(at: offset, with: get(structure).prefix(field.description.size))
            case .structures(_, let write, _): write(structure, &writer, offset)
            case .derived: break
            }
        }
    }

    /// Appends the structure; reserved bytes are zero.
    @_semantics("optimize.sil.specialize.generic.never")
    func append(_ structure: Structure, to writer: inout ByteWriter) {
        let base = writer.count
        writer.append(zeros: size)
        write(structure, into: &writer, at: base)
    }
}

extension FieldDescription {
    /// The first byte behind the field.
    fileprivate var end: Int { (firstBit + bitCount + 7) / 8 }
}

extension ByteReader {
    /// Refuses bits of another value than a layout demands.
    fileprivate func require(
        _ value: UInt128,
        at place: BitPosition,
        _ field: String
    ) throws(DecodingError) {
        let got = try bits(place, field)
        if got != value {
            throw DecodingError(
                subject: subject,
                field: field,
                offset: place.firstByte,
                expected: "\(value)",
                got: "\(got)"
            )
        }
    }

    /// Refuses fewer bytes than a structure has.
    fileprivate func require(_ size: Int, at base: Int) throws(DecodingError) {
        if count - base < size {
            throw DecodingError(
                subject: subject,
                field: "end of structure",
                offset: base + size,
                expected: byteCount(size),
                got: byteCount(max(0, count - base))
            )
        }
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
    public static func buildExpression(_ field: Field<Structure>) -> [Field<Structure>] { [field] }

    /// Several fields.
    public static func buildExpression(_ fields: [Field<Structure>]) -> [Field<Structure>] {
        fields
    }

    /// All fields in order.
    public static func buildBlock(_ fields: [Field<Structure>]...) -> [Field<Structure>] {
        fields.flatMap { $0 }
    }
}
