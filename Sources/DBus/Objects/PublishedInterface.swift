internal import EventLoop

/// An interface of an object in the tree.
@LoopActor
final class PublishedInterface {
    let table: InterfaceTable
    let object: any AnyObject & Sendable
    private(set) weak var node: ObjectNode?
    /// Whether the object has changed, so that every property may have.
    var mayHaveChanged = false
    /// Whether it is among those that the tree will look at before the loop sleeps.
    var isNoted = false
    var isWithdrawn = false
    /// Whether values that are appended to a message are those that are told first.
    private(set) var isFirstTold = false
    /// A hash of the value, as it was told last, of each of the table's `toldProperties`; empty before the first
    /// time.
    private var told: [Int] = []

    init(_ interface: BoundInterface, node: ObjectNode) {
        table = interface.table
        object = interface.object
        self.node = node
    }

    nonisolated var name: InterfaceName { table.description.name }

    /// Has ``noteTold(_:of:)`` called for each value that is appended from now on.
    func beginFirstTelling() {
        told = Array(repeating: 0, count: table.toldProperties.count)
        isFirstTold = true
    }

    /// Ends what ``beginFirstTelling()`` began.
    func endFirstTelling(wasTold: Bool) {
        isFirstTold = false
        if !wasTold { noteTold() }
    }

    /// Takes the value of a property for told.
    func noteTold(_ value: any DBusType, of index: Int) {
        guard let place = table.toldProperties.firstIndex(of: index) else { return }
        told[place] = fingerprint(value)
    }

    /// Takes the present values for told.
    private func noteTold() {
        told = table.toldProperties.map { fingerprint(of: $0) }
    }

    /// The properties whose change has to be told, which count as told from now on.
    ///
    /// - Parameter said: Those that are said to have changed; they are told whatever their value is.
    /// - Returns: Where in the table's `properties` they are.
    func takeChanges(_ said: [Int]) -> [Int] {
        defer { mayHaveChanged = false }
        var indices = said
        for (place, index) in zip(told.indices, table.toldProperties) {
            let isSaid = said.contains(index)
            guard isSaid || mayHaveChanged else { continue }
            let present = fingerprint(of: index)
            guard present != told[place] else { continue }
            told[place] = present
            if !isSaid { indices.append(index) }
        }
        return indices
    }

    /// A hash of a property's present value.
    private func fingerprint(of index: Int) -> Int {
        guard let value = try? table.properties[index].access.get(object) else { return 0 }
        return fingerprint(value)
    }

    private func fingerprint(_ value: any DBusType) -> Int {
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
