/// The path of an object, such as `/org/example/Device1`.
public struct ObjectPath: Hashable, Sendable {
    /// The name as text.
    public let string: String

    /// Checks and keeps a name.
    ///
    /// - Parameter string: The name as text.
    /// - Throws: `InvalidArgs` when the text is outside the grammar.
    public init(_ string: String) throws(DBusError) {
        guard NameGrammar.isObjectPath(string) else {
            throw .invalidArgs("\"\(string)\" is not a valid object path")
        }
        self.string = string
    }

    /// Keeps a name that is put together of names and numbers, and therefore well formed.
    ///
    /// - Parameter string: The name as text; one outside the grammar is a programmer's mistake, which builds for
    ///   tests find.
    public init(wellFormed string: String) {
        assert(NameGrammar.isObjectPath(string), "\"\(string)\" is not a valid object path")
        self.string = string
    }

    /// For names that libdbus has checked already.
    init(unchecked string: String) {
        self.string = string
    }
}

extension ObjectPath: ExpressibleByStringLiteral {
    /// A name written in source; one outside the grammar is a programmer's mistake and traps.
    public init(stringLiteral string: String) {
        precondition(NameGrammar.isObjectPath(string), "\"\(string)\" is not a valid object path")
        self.string = string
    }
}

extension ObjectPath: CustomStringConvertible {
    /// The name as text.
    public var description: String { string }
}

extension ObjectPath: Comparable {
    /// Orders names by their text.
    public static func < (left: ObjectPath, right: ObjectPath) -> Bool {
        left.string < right.string
    }
}

extension ObjectPath {
    /// The root of every object tree.
    public static let root: ObjectPath = "/"

    /// The path one level up; nil for the root.
    public var parent: ObjectPath? {
        guard let slash = string.utf8.lastIndex(of: UInt8(ascii: "/")), string.utf8.count > 1
        else { return nil }
        return slash == string.startIndex
            ? .root : ObjectPath(unchecked: String(string[..<slash]))
    }

    /// The last element; empty for the root.
    public var lastElement: Substring {
        guard let slash = string.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
        return string[string.utf8.index(after: slash)...]
    }

    /// The path of a child.
    ///
    /// - Parameter element: The child's name; letters, digits and `_` only.
    /// - Returns: The longer path.
    /// - Throws: `InvalidArgs` when the element is outside the grammar.
    public func appending(_ element: String) throws(DBusError) -> ObjectPath {
        try ObjectPath((self == .root ? "" : string) + "/" + element)
    }

    /// Whether `ancestor` is a strict prefix of this path, by whole elements.
    ///
    /// - Parameter ancestor: The path that may lie above.
    /// - Returns: True when this path lies below `ancestor`.
    public func isDescendant(of ancestor: ObjectPath) -> Bool {
        if ancestor == .root { return self != .root }
        return string.utf8.count > ancestor.string.utf8.count
            && string.utf8.starts(with: ancestor.string.utf8)
            && string.utf8.dropFirst(ancestor.string.utf8.count).first == UInt8(ascii: "/")
    }
}
