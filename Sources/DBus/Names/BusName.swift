/// The name of a connection on the bus: well-known (`org.example.Service`) or unique (`:1.42`).
public struct BusName: Hashable, Sendable {
    /// The name as text.
    public let string: String

    /// Checks and keeps a name.
    ///
    /// - Parameter string: The name as text.
    /// - Throws: `InvalidArgs` when the text is outside the grammar.
    public init(_ string: String) throws(DBusError) {
        guard NameGrammar.isBusName(string) else {
            throw .invalidArgs("\"\(string)\" is not a valid bus name")
        }
        self.string = string
    }

    /// For names that libdbus has checked already.
    init(unchecked string: String) {
        self.string = string
    }
}

extension BusName: ExpressibleByStringLiteral {
    /// A name written in source; one outside the grammar is a programmer's mistake and traps.
    public init(stringLiteral string: String) {
        precondition(NameGrammar.isBusName(string), "\"\(string)\" is not a valid bus name")
        self.string = string
    }
}

extension BusName: CustomStringConvertible {
    /// The name as text.
    public var description: String { string }
}

extension BusName: Comparable {
    /// Orders names by their text.
    public static func < (left: BusName, right: BusName) -> Bool { left.string < right.string }
}

extension BusName {
    /// Whether this is a unique name, which the bus gives and never gives again.
    public var isUnique: Bool { string.utf8.first == UInt8(ascii: ":") }

    /// The bus itself.
    static let bus: BusName = "org.freedesktop.DBus"
}
