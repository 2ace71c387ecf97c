internal import EventLoop

/// The reply to `GetManagedObjects` as it was composed last, kept until something has changed.
///
/// To compose it takes milliseconds, which whoever asks without end would take from everybody.
@LoopActor
final class ManagedReply {
    /// A property whose changes are not told, and its value in the reply; nil when it was absent.
    struct UntoldProperty {
        let interface: PublishedInterface
        let index: Int
        let value: Value?

        @LoopActor
        var isUnchanged: Bool {
            let getter = interface.table.properties[index].access.get
            return (try? getter(interface.object))?.dbusValue == value
        }
    }

    private let message: OutgoingMessage
    private let state: UInt64
    private let untold: [UntoldProperty]
    private let end: MonotonicInstant

    /// Kept no longer than this, should a change not have been told.
    static let maximumAge = Duration.seconds(1)

    init(_ message: OutgoingMessage, at state: UInt64, _ untold: [UntoldProperty]) {
        self.message = message
        self.state = state
        self.untold = untold
        end = EventLoop.main.now + Self.maximumAge
    }

    func isCurrent(at state: UInt64) -> Bool {
        state == self.state && EventLoop.main.now < end && untold.allSatisfy(\.isUnchanged)
    }

    func copy(to call: CallIdentity) throws(DBusError) -> OutgoingMessage {
        try message.copy(to: call)
    }
}

extension ObjectTree {
    /// The reply to `GetManagedObjects` of a node.
    func managedReply(
        of node: ObjectNode,
        to call: CallIdentity
    ) throws(DBusError) -> OutgoingMessage {
        // What is noted and not yet told is in the reply already.
        if let reply = node.managedReply, reply.isCurrent(at: state) {
            return try reply.copy(to: call)
        }
        untoldProperties = []
        defer { untoldProperties = nil }
        let message = try compose {
            () throws(DBusError) in
            try .methodReturn()
        } body: {
            (writer) throws(DBusError) in
            self.untoldProperties = []
            try writer.array(of: Self.objectEntry) { (objects) throws(DBusError) in
                try node.appendManaged(to: &objects, of: self)
            }
        }
        let reply = ManagedReply(message, at: state, untoldProperties ?? [])
        node.managedReply = reply
        // With hundreds of objects it is megabytes.
        EventLoop.main.schedule(after: ManagedReply.maximumAge) {
            [weak self, weak node, weak reply] in
            guard let node, let reply, node.managedReply === reply else { return }
            node.managedReply = nil
            self?.onReplyForgotten?()
        }
        return try reply.copy(to: call)
    }
}
