/// A drive's place as the machine's own inventory knows it.
public struct KnownPlace: Equatable, Sendable {
    /// The name that the inventory has for the drive in it.
    public var name: String
    /// For people.
    public var location: String
    /// The number of the slot; nil where nobody has said.
    public var slot: UInt32?
    /// The object of what it is in: the path of a board or a chassis, as the inventory has it.
    public var chassis: String

    /// A place of its parts.
    public init(name: String, location: String, slot: UInt32? = nil, chassis: String) {
        self.name = name
        self.location = location
        self.slot = slot
        self.chassis = chassis
    }
}
