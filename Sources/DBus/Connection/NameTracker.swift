internal import EventLoop

/// Who owns the names that matter to us; a unique name has an owner while its client is on the bus.
@LoopActor
final class NameTracker {
    /// A name, for as long as somebody uses it.
    @LoopActor
    final class TrackedName {
        let name: BusName
        /// The owner's unique name; nil when there is none, or it is not yet known.
        fileprivate(set) var owner: String?
        /// Whether the bus has said who the owner is, be it that there is none.
        fileprivate(set) var isAnswered = false
        fileprivate var uses = 0
        /// Whether the bus has not taken the rule.
        fileprivate var isRefused = false
        /// Why the bus does not tell of the owner, or not of the next one.
        fileprivate(set) var failure: DBusError?
        fileprivate var observers: [UInt64: Observer] = [:]
        fileprivate let known = Promise<Void>()
        let rule: String

        init(_ name: BusName) {
            self.name = name
            rule =
                MatchRule(
                    sender: .bus,
                    interface: Connection.busInterface,
                    member: "NameOwnerChanged",
                    path: Connection.busPath,
                    arguments: [0: name.string]
                ).description
        }

        /// Whether it is certain that there is no owner.
        var isAbsent: Bool { isAnswered && owner == nil }

        /// Waits until the bus has said who the owner is.
        func waitUntilKnown() async throws(DBusError) {
            do {
                try await known.value
            } catch {
                throw (error as? DBusError) ?? .noReply("the wait for \(name) was cancelled")
            }
        }
    }

    /// Called with every new owner, and once when the bus does not tell of owners.
    typealias Observer = @LoopActor (Result<String?, DBusError>) -> Void

    weak var connection: Connection?
    private var names: [String: TrackedName] = [:]
    private var nextObserver: UInt64 = 0

    nonisolated init() {}

    func owner(of name: BusName) -> String? { names[name.string]?.owner }

    /// Starts to follow a name; each call needs its `release`.
    func track(_ name: BusName) -> TrackedName {
        if let tracked = names[name.string] {
            tracked.uses += 1
            return tracked
        }
        let tracked = TrackedName(name)
        tracked.uses = 1
        names[name.string] = tracked
        connection?.callBus("AddMatch", [tracked.rule]) { result in
            guard case .failure(let error) = result else { return }
            tracked.isRefused = true
            self.fail(tracked, error)
        }
        // Both answers come in the order of the questions, among the signals of changes.
        connection?.callBus("GetNameOwner", [name.string]) { result in
            switch result {
            case .success(let reply):
                self.set(try? reply.read(String.self), for: tracked)
            case .failure(let error) where error.isStandard("NameHasNoOwner"):
                self.set(nil, for: tracked)
            case .failure(let error):
                self.fail(tracked, error)
            }
        }
        return tracked
    }

    func release(_ tracked: TrackedName) {
        tracked.uses -= 1
        guard tracked.uses == 0 else { return }
        names[tracked.name.string] = nil
        if !tracked.isRefused { connection?.removeMatch(tracked.rule) }
    }

    func observe(_ tracked: TrackedName, _ observer: @escaping Observer) -> UInt64 {
        nextObserver += 1
        tracked.observers[nextObserver] = observer
        return nextObserver
    }

    func stopObserving(_ tracked: TrackedName, _ observer: UInt64) {
        tracked.observers[observer] = nil
    }

    func removeAll() {
        // An observer may hold the subscription that holds the name.
        for tracked in names.values { tracked.observers = [:] }
        names = [:]
    }

    func ownerChanged(_ signal: Message) {
        guard let (name, _, owner) = try? signal.read(String.self, String.self, String.self),
            let tracked = names[name]
        else { return }
        set(owner.isEmpty ? nil : owner, for: tracked)
    }

    private func set(_ owner: String?, for tracked: TrackedName) {
        let isNews = owner != tracked.owner || !tracked.isAnswered
        tracked.owner = owner
        tracked.isAnswered = true
        tracked.known.resolve()
        if isNews { tell(.success(owner), of: tracked) }
    }

    private func fail(_ tracked: TrackedName, _ error: DBusError) {
        tracked.known.fail(error)
        // When the connection closes, nothing is told.
        guard connection?.isOpen == true, tracked.failure == nil else { return }
        tracked.failure = error
        tell(.failure(error), of: tracked)
    }

    private func tell(_ result: Result<String?, DBusError>, of tracked: TrackedName) {
        for (_, observer) in tracked.observers.sorted(by: { $0.key < $1.key }) { observer(result) }
    }
}
