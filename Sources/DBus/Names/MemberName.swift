/// The name of a method, property or signal, such as `GetAll`.
public struct MemberName: Hashable, Sendable {
    /// The name as text.
    public let string: String

    /// Checks and keeps a name.
    ///
    /// - Parameter string: The name as text.
    /// - Throws: `InvalidArgs` when the text is outside the grammar.
    public init(_ string: String) throws(DBusError) {
        guard NameGrammar.isMember(string) else {
            throw .invalidArgs("\"\(string)\" is not a valid member name")
        }
        self.string = string
    }

    /// For names that libdbus has checked already.
    init(unchecked string: String) {
        self.string = string
    }
}

extension MemberName: ExpressibleByStringLiteral {
    /// A name written in source; one outside the grammar is a programmer's mistake and traps.
    public init(stringLiteral string: String) {
        precondition(NameGrammar.isMember(string), "\"\(string)\" is not a valid member name")
        self.string = string
    }
}

extension MemberName: CustomStringConvertible {
    /// The name as text.
    public var description: String { string }
}

extension MemberName: Comparable {
    /// Orders names by their text.
    public static func < (left: MemberName, right: MemberName) -> Bool {
        left.string < right.string
    }
}
