/// A D-Bus structure: `Structure<String, UInt32>` is `(su)`.
public struct Structure<each Member: DBusType>: DBusType {
    /// The members as a tuple.
    public var members: (repeat each Member)

    /// Makes a structure of its members.
    public init(_ members: repeat each Member) {
        self.members = (repeat each members)
    }

    /// `(`, the types of the members, `)`.
    public static var signature: Signature {
        var text = "("
        for type in repeat (each Member).self { text += type.signature.string }
        precondition(text.utf8.count > 1, "D-Bus has no structure without members")
        return Signature(unchecked: text + ")")
    }

    /// Appends the structure.
    public func append(to writer: inout MessageWriter) throws(DBusError) {
        try writer.structure { (inner: inout MessageWriter) throws(DBusError) in
            for member in repeat each members { try member.append(to: &inner) }
        }
    }

    /// Reads the structure.
    public static func read(from reader: inout MessageReader) throws(DBusError) -> Self {
        try reader.container(.structure) { (inner: inout MessageReader) throws(DBusError) in
            Structure(repeat try (each Member).read(from: &inner))
        }
    }

    /// Feeds each member.
    public func feed(_ hasher: inout Hasher) {
        for member in repeat each members { member.feed(&hasher) }
    }

    /// The structure as `structure`.
    public var dbusValue: Value {
        var values: [Value] = []
        for member in repeat each members { values.append(member.dbusValue) }
        return .structure(values)
    }

    /// The structure that a `structure` of the same types holds.
    public static func decode(_ value: Value) -> Self? {
        guard case .structure(let values) = value, value.signature == signature else { return nil }
        var remaining = values[...]
        do throws(NotThisType) {
            return Structure(repeat try next((each Member).self, from: &remaining))
        } catch {
            return nil
        }
    }

    private struct NotThisType: Error {}

    private static func next<T: DBusType>(
        _ type: T.Type,
        from values: inout ArraySlice<Value>
    ) throws(NotThisType) -> T {
        guard let value = values.popFirst(), let member = T.decode(value) else {
            throw NotThisType()
        }
        return member
    }
}

extension Structure: Equatable where repeat each Member: Equatable {
    /// Compares member by member.
    public static func == (left: Self, right: Self) -> Bool {
        var isEqual = true
        for (a, b) in repeat (each left.members, each right.members) { isEqual = isEqual && a == b }
        return isEqual
    }
}

extension Structure: Hashable where repeat each Member: Hashable {
    /// Feeds each member.
    public func hash(into hasher: inout Hasher) {
        for member in repeat each members { hasher.combine(member) }
    }
}
