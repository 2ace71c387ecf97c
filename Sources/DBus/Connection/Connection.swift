internal import CDBus
public import EventLoop

/// A connection of our own to a message bus.
///
/// It lives until `close` or until the bus goes away. Everything happens on the loop and nothing
/// waits for the bus, except `open`.
@LoopActor
public final class Connection {
    /// The name that the bus gave the connection, such as `:1.42`.
    public nonisolated let uniqueName: String
    /// The objects that the connection publishes.
    public let objects: ObjectTree
    /// What the connection takes on before it says no.
    public var limits = ConnectionLimits()
    /// Called once when the bus has gone away; not after `close`.
    public var onDisconnect: (@LoopActor () -> Void)?
    /// Called with what is wrong with the connection, for a log; `onDisconnect` follows if that is its end.
    public var onProblem: (@LoopActor (String) -> Void)?
    /// Called when the bus has taken a name from us and given it to another connection.
    public var onNameLost: (@LoopActor (BusName) -> Void)?

    /// Nil when closed.
    private(set) var raw: OpaquePointer?
    private(set) var events: LibraryEvents?
    private var hook: SleepHook?
    var flushWaiters: [Promise<Void>] = []
    /// Whether the outgoing queue was too long when it was last looked at; it grows only in `send`.
    var mayBeCongested = false
    /// Runs while something waits for the bus to take it.
    var outgoingTimer: Timer?
    /// Whether it was said that the bus takes nothing.
    var isStallTold = false
    let replies = PendingReplies()
    let subscriptions = SubscriptionList()
    let names = NameTracker()
    var credentialsCache = CredentialsCache()

    /// Time of the loop in which messages are taken and calls answered, before descriptors and timers of others
    /// get their share.
    static let share = Duration.milliseconds(1)
    /// From so many messages on that came at once there are likely to be more.
    static let manyMessages = 8
    /// Runs when the others have had their share.
    var shareTimer: Timer?
    /// Bytes of messages that have come in and are still held: more than one big one are never.
    private static let maximumReceivedSize = 1 << 20
    /// File descriptors of messages that have come in and are not yet taken.
    private static let maximumReceivedFileDescriptors = 128

    // MARK: Opening and closing

    /// Connects and registers with the bus.
    ///
    /// The only call that waits for the bus: meant for the start of a program.
    ///
    /// - Parameter bus: Which bus.
    /// - Returns: A connection that nobody else uses.
    /// - Throws: The reason as libdbus gives it; `NoServer` or `FileNotFound` when there is no bus.
    public static func open(_ bus: BusAddress) throws(DBusError) -> Connection {
        let failure = LibraryError()
        let raw: OpaquePointer?
        switch bus {
        case .system:
            raw = dbus_bus_get_private(DBUS_BUS_SYSTEM, &failure.raw)
        case .session:
            raw = dbus_bus_get_private(DBUS_BUS_SESSION, &failure.raw)
        case .address(let address):
            raw = dbus_connection_open_private(address, &failure.raw)
            if let raw, dbus_bus_register(raw, &failure.raw) == 0 {
                discard(raw)
                throw failure.error
            }
        }
        guard let raw else { throw failure.error }
        guard let name = dbus_bus_get_unique_name(raw) else {
            discard(raw)
            throw .failed("the bus gave no name")
        }
        return try Connection(raw, uniqueName: String(cString: name))
    }

    private init(_ raw: OpaquePointer, uniqueName: String) throws(DBusError) {
        self.raw = raw
        self.uniqueName = uniqueName
        objects = ObjectTree()
        objects.connection = self
        objects.calls.callers.connection = self
        objects.calls.unread.connection = self
        names.connection = self
        // libdbus would end the process with the bus.
        dbus_connection_set_exit_on_disconnect(raw, 0)
        // Beyond these libdbus stops reading until messages are let go.
        dbus_connection_set_max_received_size(raw, Self.maximumReceivedSize)
        dbus_connection_set_max_received_unix_fds(raw, Self.maximumReceivedFileDescriptors)
        // libdbus would answer for us; our own answer is declared like all others.
        dbus_connection_set_route_peer_messages(raw, 1)
        guard let events = LibraryEvents(raw) else {
            self.raw = nil
            Self.discard(raw)
            throw .noMemory("no memory for a connection")
        }
        self.events = events
        events.onProblem = { [weak self] in self?.onProblem?($0) }
        events.onEnd = { [weak self] reason in
            // Not from within libdbus.
            EventLoop.main.spawn { if let self { self.giveUp(reason) } }
        }
        // Strong on purpose: an open connection does not go away because nobody holds it.
        hook = EventLoop.main.beforeSleep { self.turn() }
    }

    /// Closes the connection; what is still in the outgoing queue is lost (see `flush`).
    ///
    /// Our own calls that wait for replies fail with `Disconnected`.
    public func close() {
        guard let raw else { return }
        self.raw = nil
        hook?.cancel()
        hook = nil
        shareTimer?.cancel()
        shareTimer = nil
        outgoingTimer?.cancel()
        outgoingTimer = nil
        events?.detach()
        events = nil
        Self.discard(raw)
        replies.failAll(.disconnected("the connection to the bus is closed"))
        subscriptions.removeAll()
        names.removeAll()
        for waiter in flushWaiters { waiter.resolve() }
        flushWaiters = []
        objects.connection = nil
        objects.calls.waiting.removeAll()
        objects.calls.callers.removeAll()
        objects.calls.cancelAll()
    }

    private static func discard(_ raw: OpaquePointer) {
        dbus_connection_close(raw)
        dbus_connection_unref(raw)
    }

    /// Whether the connection can be used.
    public var isOpen: Bool { raw != nil }

    /// Whether file descriptors can be sent and received.
    public var canPassFileDescriptors: Bool {
        guard let raw else { return false }
        return dbus_connection_can_send_type(raw, TypeCode.fileDescriptor.raw) != 0
    }
}
