internal import EventLoop

/// A path of the object tree: an object, or a step on the way to one.
@LoopActor
final class ObjectNode {
    let path: ObjectPath
    private(set) weak var parent: ObjectNode?
    /// In no order; there are hundreds of nodes, each of which a table of names would double.
    private(set) var children: [ObjectNode] = []
    /// In the order in which they were added.
    private(set) var interfaces: [PublishedInterface] = []
    var isObjectManager = false
    /// What was last answered of what is below; of object managers only.
    var managedReply: ManagedReply?

    init(path: ObjectPath, parent: ObjectNode?) {
        self.path = path
        self.parent = parent
    }

    /// Whether nothing keeps the path in the tree.
    var isUnused: Bool { interfaces.isEmpty && children.isEmpty && !isObjectManager }

    func interface(named name: String) -> PublishedInterface? {
        // They are few: to look at all costs less than to hash the name.
        interfaces.first { $0.name.string == name }
    }

    func insert(_ added: [PublishedInterface]) {
        // The array itself, where it can be: one that grows has room that nobody uses.
        interfaces = interfaces.isEmpty ? added : interfaces + added
    }

    func insert(_ child: ObjectNode) { children.append(child) }

    func remove(_ child: ObjectNode) {
        guard let place = children.firstIndex(where: { $0 === child }) else { return }
        children.swapAt(place, children.count - 1)
        children.removeLast()
    }

    var sortedChildren: [ObjectNode] { children.sorted { $0.path < $1.path } }

    func remove(_ interface: PublishedInterface) {
        interfaces.removeAll { $0 === interface }
        interface.isWithdrawn = true
    }

    /// The nearest object manager on the way to the root, this path not included.
    var manager: ObjectNode? {
        var node = parent
        while let candidate = node, !candidate.isObjectManager { node = candidate.parent }
        return node
    }
}

/// One property of one published interface.
struct PropertyKey: Hashable {
    let interface: ObjectIdentifier
    let index: Int

    init(_ interface: PublishedInterface, _ index: Int) {
        self.interface = ObjectIdentifier(interface)
        self.index = index
    }
}
