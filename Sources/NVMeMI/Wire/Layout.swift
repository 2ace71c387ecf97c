/// The fields of a fixed-size structure with their places: declared once, used to read, to write and to show it.
///
/// It knows the structure only by the type that its fields were checked against; all work is done by the table.
public struct Layout<Structure: Sendable>: Sendable {
    // What is generic here only passes the address of a structure on, and is not specialized: a copy for each of some
    // seventy types would not be faster.

    let fields: FieldTable

    /// What the structure is called in errors, such as `SMART / Health Information`.
    public var name: String { fields.name }

    /// Size in bytes, including reserved ones.
    public var size: Int { fields.size }

    /// Declares a structure.
    ///
    /// - Precondition: every field lies within `size`, and its property is stored.
    @inline(__always)
    public init(
        _ name: String,
        size: Int,
        @LayoutBuilder<Structure> fields: () -> [FieldEntry]
    ) {
        self.fields = FieldTable(name, size: size, fields())
    }

    init(_ fields: FieldTable) { self.fields = fields }

    /// Names and places of the fields that occupy bytes.
    public var table: [FieldDescription] { fields.descriptions }

    /// The values of the fields in the order of declaration.
    public func namedValues(of structure: Structure) -> [NamedValue] {
        var values: [NamedValue] = []
        values.reserveCapacity(fields.entries.count)
        show(structure) { values.append(($0, $1)) }
        return values
    }

    /// Passes on the values of the fields in the order of declaration.
    @_semantics("optimize.sil.specialize.generic.never")
    func show(_ structure: Structure, _ take: (String, FieldValue) -> Void) {
        withUnsafePointer(to: structure) { fields.show(UnsafeRawPointer($0), take) }
    }

    /// The first field whose value needs more bits than it has on the wire, and would lose some by writing.
    @_semantics("optimize.sil.specialize.generic.never")
    public func overflow(in structure: Structure) -> FieldOverflow? {
        withUnsafePointer(to: structure) { fields.overflow(in: UnsafeRawPointer($0)) }
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
        try withUnsafeMutablePointer(to: &structure) { (pointer) throws(DecodingError) in
            try fields.read(into: UnsafeMutableRawPointer(pointer), from: reader, at: base)
        }
    }

    /// Sets those fields of a structure that lie within the bytes, and leaves the others as they are.
    @_semantics("optimize.sil.specialize.generic.never")
    func readPrefix(
        into structure: inout Structure,
        from reader: ByteReader
    ) throws(DecodingError) {
        try withUnsafeMutablePointer(to: &structure) { (pointer) throws(DecodingError) in
            try fields.readPrefix(into: UnsafeMutableRawPointer(pointer), from: reader)
        }
    }

    /// Stores the fields into bytes that were written before, from `base` on.
    @_semantics("optimize.sil.specialize.generic.never")
    func write(_ structure: Structure, into writer: inout ByteWriter, at base: Int) {
        withUnsafePointer(to: structure) {
            fields.write(UnsafeRawPointer($0), into: &writer, at: base)
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
    /// A field; what it is of has been checked then.
    @inline(__always)
    public static func buildExpression(_ field: Field<Structure>) -> FieldEntry { field.entry }

    /// All fields in order.
    @inline(__always)
    public static func buildBlock(_ fields: FieldEntry...) -> [FieldEntry] { fields }
}
