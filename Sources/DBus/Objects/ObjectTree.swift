public import EventLoop
internal import Glibc

/// The objects that a connection publishes.
///
/// Every path on the way to an object answers `Introspect`; every object has `Properties`,
/// `Introspectable` and `Peer` without being told.
@LoopActor
public final class ObjectTree {
    /// Every path of the tree by its text.
    private var nodes: [String: ObjectNode] = [:]
    let root: ObjectNode
    /// Where messages go; nil when the connection is closed, which ends the cycle of references.
    var connection: Connection?
    let calls = OpenCalls()
    /// The published interfaces of each object.
    var publishedInterfaces: [ObjectIdentifier: [PublishedInterface]] = [:]
    /// Interfaces with changes to tell, in the order of their first change.
    var changedInterfaces: [PublishedInterface] = [] { didSet { state &+= 1 } }
    /// Properties of those that are said to have changed.
    var saidProperties: [ObjectIdentifier: [Int]] = [:]
    /// Another number whenever objects and their properties may have become others.
    private(set) var state: UInt64 = 0
    /// Properties whose changes are not told, while it is noted which a message contains.
    var untoldProperties: [ManagedReply.UntoldProperty]?
    /// Keeps the loop from sleeping over changes.
    var changeTimer: Timer?
    /// Properties found impossible to send while the present message is made.
    var unsendable: Set<PropertyKey> = []

    /// Turns what a handler throws into what the caller sees, for errors that are not `DBusError`.
    public var mapError: @LoopActor (any Error) -> DBusError = { error in
        switch error {
        case is DeadlineExceeded: .timeout("\(error)")
        case is CancellationError: .noReply("the operation was cancelled")
        default: .failed("\(error)")
        }
    }

    /// Says why somebody does not have a right; nil when it has.
    ///
    /// It is not asked for what is everybody's.
    ///
    /// Without another decision root has every right, and the user whose process this is.
    public var authorize: @LoopActor (Right, Credentials) -> String? = { _, credentials in
        credentials.isRoot || credentials.userID == getuid()
            ? nil : "it is for root and the service's own user"
    }

    /// Called with what could not be told on the bus, for a log.
    ///
    /// That is a property whose value cannot be sent, or a signal that is too large.
    public var onProblem: (@LoopActor (String) -> Void)?

    /// Called when an answer to `GetManagedObjects`, which can be megabytes, is not kept any more.
    public var onReplyForgotten: (@LoopActor () -> Void)?

    init() {
        root = ObjectNode(path: .root, parent: nil)
        nodes[ObjectPath.root.string] = root
        calls.callers.onForget = { [weak calls] in calls?.waiting.forget($0) }
        calls.callers.onLeave = { [weak calls] in calls?.cancelCalls(of: $0) }
    }

    // MARK: Publishing

    /// Makes a path an object manager, which tells of the objects below it.
    ///
    /// Objects below another object manager further down are left to that one.
    ///
    /// - Parameter path: The path; need not be an object otherwise.
    public func addObjectManager(at path: ObjectPath) {
        state &+= 1
        makeNode(path).isObjectManager = true
    }

    /// Makes a path an object manager no longer.
    ///
    /// - Parameter path: The path; objects below it, which are to be gone, are not told of.
    public func removeObjectManager(at path: ObjectPath) {
        guard let node = nodes[path.string] else { return }
        state &+= 1
        node.isObjectManager = false
        prune(node)
    }

    /// Publishes interfaces of an object.
    ///
    /// The nearest object manager above, if any, emits one `InterfacesAdded` with all their
    /// properties.
    ///
    /// - Parameters:
    ///   - path: The object's path, which may have interfaces already.
    ///   - interfaces: The interfaces.
    /// - Throws: `ObjectPathInUse` when one of the interfaces is published there already; nothing
    ///   has changed then.
    public func add(_ path: ObjectPath, _ interfaces: [BoundInterface]) throws(DBusError) {
        var names: Set<String> = []
        for interface in interfaces {
            let name = interface.name.string
            let isTaken =
                StandardInterfaces.table(named: name) != nil
                || nodes[path.string]?.interface(named: name) != nil
            guard !isTaken, names.insert(name).inserted else {
                throw .objectPathInUse("\(name) is published at \(path) already")
            }
        }
        guard !interfaces.isEmpty else { return }
        state &+= 1
        let node = makeNode(path)
        let published = interfaces.map { PublishedInterface($0, node: node) }
        node.insert(published)
        remember(published)
        // What is told and what is noted as told is read once: most of what a drive costs at the start is this.
        for interface in published { interface.beginFirstTelling() }
        let wasTold = tellAdded(published, at: node)
        for interface in published { interface.endFirstTelling(wasTold: wasTold) }
    }

    /// Publishes further interfaces of an object; the same as `add`.
    ///
    /// - Parameters:
    ///   - path: The object's path.
    ///   - interfaces: The interfaces.
    /// - Throws: `ObjectPathInUse` when one of the interfaces is published there already; nothing
    ///   has changed then.
    public func addInterfaces(
        _ path: ObjectPath,
        _ interfaces: [BoundInterface]
    ) throws(DBusError) {
        try add(path, interfaces)
    }

    /// Withdraws some interfaces of an object; names that it does not have are passed over.
    ///
    /// Changes not yet told are told first, then the nearest object manager above emits one
    /// `InterfacesRemoved` with all the names. Calls that are under way are answered all the same.
    ///
    /// - Parameters:
    ///   - path: The object's path.
    ///   - names: The names of the interfaces.
    public func removeInterfaces(_ path: ObjectPath, _ names: [InterfaceName]) {
        guard let node = nodes[path.string] else { return }
        let interfaces = names.compactMap { node.interface(named: $0.string) }
        guard !interfaces.isEmpty else { return }
        state &+= 1
        tellChanges(of: interfaces)
        for interface in interfaces {
            node.remove(interface)
            forget(interface)
        }
        tellRemoved(interfaces, at: node)
        prune(node)
    }

    /// Withdraws an object with all its interfaces; objects below stay.
    ///
    /// - Parameter path: The object's path.
    public func remove(_ path: ObjectPath) {
        guard let node = nodes[path.string] else { return }
        removeInterfaces(path, node.interfaces.map(\.name))
    }

    /// Withdraws an object and all objects below it, the lowest first.
    ///
    /// - Parameter path: The path of the topmost object.
    public func removeSubtree(_ path: ObjectPath) {
        guard let node = nodes[path.string] else { return }
        for child in node.sortedChildren {
            removeSubtree(child.path)
        }
        remove(path)
    }

    /// The names of the interfaces published at a path, the standard ones not included.
    ///
    /// - Parameter path: The object's path.
    /// - Returns: The names in the order of their publication; empty when there is no object.
    public func interfaces(at path: ObjectPath) -> [InterfaceName] {
        nodes[path.string]?.interfaces.map(\.name) ?? []
    }

    private func remember(_ added: [PublishedInterface]) {
        guard let first = added.first else { return }
        let object = ObjectIdentifier(first.object)
        if publishedInterfaces[object] == nil, added.allSatisfy({ $0.object === first.object }) {
            // The array that the node has as well.
            publishedInterfaces[object] = added
            return
        }
        for interface in added {
            publishedInterfaces[ObjectIdentifier(interface.object), default: []].append(interface)
        }
    }

    private func forget(_ interface: PublishedInterface) {
        let object = ObjectIdentifier(interface.object)
        publishedInterfaces[object]?.removeAll { $0 === interface }
        if publishedInterfaces[object]?.isEmpty ?? false { publishedInterfaces[object] = nil }
    }

    // MARK: Nodes

    func node(at path: String) -> ObjectNode? { nodes[path] }

    private func makeNode(_ path: ObjectPath) -> ObjectNode {
        if let node = nodes[path.string] { return node }
        let parent = path.parent.map(makeNode) ?? root
        let node = ObjectNode(path: path, parent: parent)
        parent.insert(node)
        nodes[path.string] = node
        return node
    }

    /// Takes paths out of the tree that nothing needs any more, up to the root.
    private func prune(_ node: ObjectNode) {
        guard node.isUnused, let parent = node.parent else { return }
        parent.remove(node)
        nodes[node.path.string] = nil
        prune(parent)
    }
}
