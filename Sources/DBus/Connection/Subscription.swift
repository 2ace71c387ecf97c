public import EventLoop

/// A standing wish to be told of signals; lasts until it is cancelled or the connection closes.
@LoopActor
public final class Subscription {
    private var onCancel: (@LoopActor () -> Void)?

    init(onCancel: @escaping @LoopActor () -> Void) {
        self.onCancel = onCancel
    }

    /// Ends it; its handler is not called again.
    public func cancel() {
        onCancel?()
        onCancel = nil
    }
}

/// The handlers of signals.
@LoopActor
final class SubscriptionList {
    final class Entry {
        let rule: MatchRule
        let handler: @LoopActor (Message) -> Void
        var isCancelled = false

        init(_ rule: MatchRule, _ handler: @escaping @LoopActor (Message) -> Void) {
            self.rule = rule
            self.handler = handler
        }
    }

    private var entries: [Entry] = []

    nonisolated init() {}

    func add(_ entry: Entry) {
        entries.append(entry)
    }

    func remove(_ entry: Entry) {
        entry.isCancelled = true
        entries.removeAll { $0 === entry }
    }

    func removeAll() {
        for entry in entries { entry.isCancelled = true }
        entries = []
    }

    func deliver(_ signal: Message, _ header: SignalHeader, _ names: NameTracker) {
        for entry in entries where !entry.isCancelled && entry.rule.matches(signal, header) {
            if let sender = entry.rule.sender {
                guard sender.string == header.sender || names.owner(of: sender) == header.sender
                else { continue }
            }
            entry.handler(signal)
        }
    }
}

extension Connection {
    /// Has a handler called for each signal that fits a rule.
    ///
    /// The handler may be called before this returns. A signal that the bus delivered before the
    /// reply to a later call is handed over before that reply is.
    ///
    /// - Parameters:
    ///   - rule: Which signals.
    ///   - handler: Called while the signal is delivered; quick.
    /// - Returns: The subscription, to be cancelled.
    /// - Throws: The bus's error, `LimitsExceeded` for too many rules for instance.
    @discardableResult
    public func subscribe(
        _ rule: MatchRule,
        _ handler: @escaping @LoopActor (Message) -> Void
    ) async throws(DBusError) -> Subscription {
        let entry = SubscriptionList.Entry(rule, handler)
        subscriptions.add(entry)
        // Asked for before the rule is added, so that the owner is known when the first signal comes.
        let tracked = rule.sender.flatMap { $0.isUnique || $0 == .bus ? nil : names.track($0) }
        let text = rule.description
        var isAdded = false
        do throws(DBusError) {
            _ = try await callBus("AddMatch", text)
            isAdded = true
            try await tracked?.waitUntilKnown()
        } catch {
            subscriptions.remove(entry)
            if let tracked { names.release(tracked) }
            // Without an answer the bus has added it. A refused one must not be taken back: that
            // would take away an equal rule of another subscription.
            if isAdded || error.isStandard("NoReply") { removeMatch(text) }
            throw error
        }
        return Subscription {
            self.subscriptions.remove(entry)
            if let tracked { self.names.release(tracked) }
            self.removeMatch(text)
        }
    }

    /// Takes a rule back; an error would be of no use to anybody.
    func removeMatch(_ rule: String) {
        try? callWithoutReply(
            destination: .bus,
            path: Self.busPath,
            interface: Self.busInterface,
            member: "RemoveMatch",
            arguments: rule
        )
    }
}
