/// The name of an interface, such as `org.freedesktop.DBus.Properties`.
public struct InterfaceName: Hashable, Sendable {
    /// The name as text.
    public let string: String

    /// Checks and keeps a name.
    ///
    /// - Parameter string: The name as text.
    /// - Throws: `InvalidArgs` when the text is outside the grammar.
    public init(_ string: String) throws(DBusError) {
        guard NameGrammar.isInterface(string) else {
            throw .invalidArgs("\"\(string)\" is not a valid interface name")
        }
        self.string = string
    }

    /// For names that libdbus has checked already.
    init(unchecked string: String) {
        self.string = string
    }
}

extension InterfaceName: ExpressibleByStringLiteral {
    /// A name written in source; one outside the grammar is a programmer's mistake and traps.
    public init(stringLiteral string: String) {
        precondition(NameGrammar.isInterface(string), "\"\(string)\" is not a valid interface name")
        self.string = string
    }
}

extension InterfaceName: CustomStringConvertible {
    /// The name as text.
    public var description: String { string }
}

extension InterfaceName: Comparable {
    /// Orders names by their text.
    public static func < (left: InterfaceName, right: InterfaceName) -> Bool {
        left.string < right.string
    }
}
