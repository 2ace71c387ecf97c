/// A structure that is known by the names and places of its fields alone: declared once, used to decode and to encode it.
///
/// For what the daemon only passes on. What it works with has a type and a `Layout`, of which a record is the cheaper sibling:
/// it costs a table and no code, and the table exists only while somebody asks for it.
public struct Record: Sendable {
    /// What the structure is called in errors, such as `Rotational Media Information`.
    public let name: String

    /// Bytes that the fields of fixed place occupy, reserved ones included.
    public let size: Int

    /// Bytes without which nothing is decoded; fields behind them are left out when they are not there.
    public let minimum: Int

    /// The fields in the order in which they are shown.
    let items: [Item]

    /// Declares a structure.
    ///
    /// - Parameters:
    ///   - name: What it is called in errors.
    ///   - size: Bytes that the fields of fixed place occupy.
    ///   - minimum: Bytes without which nothing is decoded; all of `size` unless later versions made the structure longer.
    ///   - items: The fields; those of fixed place lie within `size`, others begin there at the latest.
    public init(
        _ name: String,
        size: Int,
        minimum: Int? = nil,
        @RecordBuilder _ items: () -> [Item]
    ) {
        self.init(name, size: size, minimum: minimum, items: items())
    }

    init(_ name: String, size: Int, minimum: Int? = nil, items: [Item]) {
        // A mistake of the declaration; nothing that comes over the wire.
        precondition(items.allSatisfy { $0.entry.end <= size }, "\(name): a field behind the end")
        self.name = name
        self.size = size
        self.minimum = minimum ?? size
        self.items = items
    }

    /// Names and places of the fields that have a fixed one.
    public var table: [FieldDescription] {
        items.map(\.entry.description).filter { $0.bitCount > 0 }
    }
}

/// Collects the fields of a `Record`.
@resultBuilder
public enum RecordBuilder {
    /// All fields in order.
    public static func buildBlock(_ items: Item...) -> [Item] { items }
}

/// Values that bytes were decoded to, and what of the bytes was left out.
public struct DecodedData: Sendable {
    /// The values by name, in the order of the declaration.
    public var values: [NamedValue]

    /// Why something was not decoded; empty when all is as it should be.
    public var leftOut: [DecodingError]

    /// Values, and what is missing among them.
    public init(_ values: [NamedValue], leftOut: [DecodingError] = []) {
        self.values = values
        self.leftOut = leftOut
    }
}
