/// Bytes with a meaning that a command returns or takes: decoded, encoded, and shown by name.
public protocol DataStructure: Sendable, Equatable {
    /// Decodes the structure; bytes behind it are left alone.
    init(data: [UInt8]) throws(DecodingError)

    /// The bytes of the structure.
    var data: [UInt8] { get }

    /// The values by name, in order.
    var namedValues: [NamedValue] { get }

    /// Passes on the same values one by one, for who needs no array of them.
    ///
    /// - Parameter take: Called with the name and the value of each.
    func show(_ take: (_ name: String, _ value: FieldValue) -> Void)
}

extension DataStructure {
    /// Passes on `namedValues`.
    public func show(_ take: (_ name: String, _ value: FieldValue) -> Void) {
        for (name, value) in namedValues { take(name, value) }
    }
}

/// A structure of fixed size that is declared by its layout.
public protocol WireStructure: DataStructure {
    /// The structure with all fields zero or empty, unless it says otherwise.
    init()

    /// The fields and their places.
    static var layout: Layout<Self> { get }
}

extension WireStructure {
    /// Decodes the structure from its first `layout.size` bytes.
    ///
    /// - Throws: `DecodingError` that names the first field without its bytes, when there are fewer.
    public init(data: [UInt8]) throws(DecodingError) {
        self.init()
        try Self.layout.read(
            into: &self,
            from: ByteReader(data, subject: Self.layout.name)
        )
    }

    /// Decodes the fields that lie within the bytes; the others stay as `init()` makes them.
    public init(prefix data: [UInt8]) throws(DecodingError) {
        self.init()
        try Self.layout.readPrefix(
            into: &self,
            from: ByteReader(data, subject: Self.layout.name)
        )
    }

    /// The bytes of the structure; reserved ones are zero.
    public var data: [UInt8] {
        var writer = ByteWriter(capacity: Self.layout.size)
        Self.layout.append(self, to: &writer)
        return writer.bytes
    }

    /// The values of the fields by name, in the order of the layout.
    public var namedValues: [NamedValue] { Self.layout.namedValues(of: self) }

    /// Passes on the values of the fields, in the order of the layout.
    public func show(_ take: (_ name: String, _ value: FieldValue) -> Void) {
        Self.layout.show(self, take)
    }
}
