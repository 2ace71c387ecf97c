/// What somebody must be allowed in order to use a member of an interface; declared with the interface or the
/// member.
///
/// Who has a right other than `open` and `reading` says `ObjectTree.authorize`. A program declares rights of
/// its own by their names.
public struct Right: Hashable, Sendable {
    /// The name, for people: "write" for instance.
    public let name: String

    /// Declares a right.
    ///
    /// - Parameter name: Its name.
    public init(_ name: String) {
        self.name = name
    }

    /// Everybody has it, for members that do something all the same.
    public static let open = Right("open")
    /// Everybody has it, for members that only tell: a call of one that wants no reply is dropped.
    public static let reading = Right("read")
    /// The right to change something; that of properties that can be set, where nothing else is declared.
    public static let writing = Right("write")

    /// Whether everybody has it.
    var isEverybodys: Bool { self == .open || self == .reading }
    /// The right to set a property of an interface with this right.
    var ofSetters: Right { isEverybodys ? .writing : self }
}

extension Right: CustomStringConvertible {
    /// The name.
    public var description: String { name }
}
