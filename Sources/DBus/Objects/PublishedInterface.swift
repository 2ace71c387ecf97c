internal import EventLoop

/// An interface of an object in the tree.
@LoopActor
final class PublishedInterface {
    let table: InterfaceTable
    let object: any AnyObject & Sendable
    private(set) weak var node: ObjectNode?
    /// Properties that are said to have changed since the last `PropertiesChanged`.
    var changed: [Int] = []
    /// Whether the object has changed, so that every property may have.
    var mayHaveChanged = false
    /// Whether it is among those that the tree will look at before the loop sleeps.
    var isNoted = false
    var isWithdrawn = false
    /// A hash of each property's value as it was told last; empty before the first time.
    private var told: [Int] = []

    init(_ interface: BoundInterface, node: ObjectNode) {
        table = interface.table
        object = interface.object
        self.node = node
    }

    nonisolated var name: InterfaceName { table.description.name }

    /// Takes the present values for told.
    func noteTold() {
        told = table.properties.indices.map { fingerprint(of: $0) }
    }

    /// The properties whose change has to be told, which count as told from now on.
    func takeChanges() -> [Int] {
        defer {
            changed = []
            mayHaveChanged = false
        }
        for index in changed { told[index] = fingerprint(of: index) }
        guard mayHaveChanged else { return changed }
        var indices = changed
        for index in table.properties.indices where !changed.contains(index) {
            let present = fingerprint(of: index)
            guard present != told[index] else { continue }
            told[index] = present
            indices.append(index)
        }
        return indices
    }

    /// A hash of a property's present value; always the same for one whose changes are not told.
    private func fingerprint(of index: Int) -> Int {
        let property = table.properties[index]
        guard property.description.change.isTold, let value = try? property.access.get(object)
        else { return 0 }
        var hasher = Hasher()
        value.feed(&hasher)
        return hasher.finalize()
    }
}

extension PropertyChange {
    /// Whether `PropertiesChanged` speaks of the property.
    var isTold: Bool {
        switch self {
        case .emitsChange, .invalidates: true
        case .constant, .noSignal: false
        }
    }
}
