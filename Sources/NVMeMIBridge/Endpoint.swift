import DBus
import EventLoop
import Logging
import MCTP
import NVMeMI
import NVMeMIClient

/// One published endpoint: its session, its state, and the objects below its own.
///
/// The object is published as soon as mctpd names the endpoint, whatever the drive says; what the drive
/// says of itself follows when it has answered, and is asked for again, with growing pauses, until it
/// does.
@LoopActor
final class Endpoint {
    /// Consecutive unanswered commands after which a ready endpoint is asked anew what it is.
    private static let unansweredLimit = 3

    let path: ObjectPath
    let session: EndpointSession
    private(set) var discovered: DiscoveredEndpoint
    private(set) var inventory = EndpointInventory()
    private(set) var state = EndpointState.initializing
    /// Why the endpoint is not ready, in words; empty when it is.
    private(set) var stateReason = ""

    unowned let bridge: Bridge
    private let logger: Logger
    private var life: Task<Void, Never>?
    /// Ends the present pause or rest, for a new look at the endpoint.
    private var lookWanted = Promise<Void>()

    init(_ discovered: DiscoveredEndpoint, in bridge: Bridge) {
        self.discovered = discovered
        self.bridge = bridge
        path = BusPaths.endpoint(discovered.address)
        var logger = bridge.logger
        logger[metadataKey: "endpoint"] = "\(discovered.address)"
        self.logger = logger
        session = EndpointSession(
            to: discovered.address,
            over: bridge.transport,
            settings: bridge.settings.session
        )
    }

    var address: EndpointAddress { discovered.address }
    var connection: Connection { bridge.connection }

    /// Publishes the endpoint and begins to ask it what it is.
    func begin() {
        add(
            path,
            [
                Interface<Endpoint>.endpoint.bound(to: self),
                Interface<Endpoint>.endpointControl.bound(to: self),
            ]
        )
        life = EventLoop.main.spawn { [self] in
            await live()
            bridge.forget(self)
        }
    }

    /// Takes everything back; open calls fail with the reason.
    func end(reason: String) {
        life?.cancel()
        session.close(reason: reason)
        for port in inventory.ports.keys { connection.objects.remove(path.port(port)) }
        for controller in inventory.controllers.keys {
            connection.objects.remove(path.controller(controller))
        }
        for namespace in inventory.namespaces.keys {
            connection.objects.remove(path.namespace(namespace))
        }
        connection.objects.remove(path)
    }

    /// Waits until nothing of the endpoint runs any more.
    func ended() async {
        await life?.value
    }

    /// Asks the endpoint anew what it is.
    func look() {
        lookWanted.resolve()
    }

    /// Takes note of what mctpd says of the endpoint's connectivity.
    func connectivityChanged(to discovered: DiscoveredEndpoint) {
        guard discovered.isConnected != self.discovered.isConnected else { return }
        self.discovered = discovered
        if !discovered.isConnected {
            enter(.unavailable, "mctpd reports its connectivity as Degraded")
        }
        look()
    }

    /// Carries out a command for a caller on the bus.
    func perform<C: Command>(
        _ command: C,
        for call: Invocation,
        timeLimit: Duration? = nil,
        priority: CommandPriority = .interactive,
        isWriting: Bool = false,
        isExclusive: Bool = false,
        slot: CommandSlot = .zero
    ) async throws -> C.Reply {
        guard discovered.isConnected else {
            throw BusErrors.unavailable(address, reason: stateReason)
        }
        do {
            let reply = try await session.perform(
                command,
                CommandOptions(
                    timeLimit: timeLimit,
                    priority: priority,
                    sender: call.sender,
                    isExclusive: isExclusive,
                    slot: slot
                )
            )
            if state == .unavailable { look() }
            return reply
        } catch {
            if state == .ready, session.unansweredInARow >= Self.unansweredLimit {
                enter(.unavailable, "\(session.unansweredInARow) commands in a row had no answer")
                look()
            }
            logger.debug(
                "command failed",
                metadata: [
                    "command": "\(command.declaration.name)", "caller": "\(call.sender)",
                    "error": "\(BusErrors.words(for: error))",
                ]
            )
            throw BusErrors.error(
                for: error,
                of: command.declaration.name,
                to: address,
                isWriting: isWriting
            )
        }
    }

    // MARK: Life

    private func live() async {
        var pause = bridge.settings.firstRetry
        while !Task.isCancelled {
            lookWanted = Promise()
            if !discovered.isConnected {
                enter(.unavailable, "mctpd reports its connectivity as Degraded")
                guard await rest(nil) else { return }
                continue
            }
            if await initialize() {
                pause = bridge.settings.firstRetry
                guard await rest(nil) else { return }
            } else {
                guard await rest(pause) else { return }
                pause = min(pause * 2, bridge.settings.lastRetry)
            }
        }
    }

    /// Waits until a look is wanted, or for a time; false when the endpoint's life is over.
    private func rest(_ time: Duration?) async -> Bool {
        do {
            if let time {
                try await lookWanted.value(until: EventLoop.main.now + time)
            } else {
                try await lookWanted.value
            }
            return true
        } catch is DeadlineExceeded {
            return true
        } catch {
            return false
        }
    }

    /// Asks the endpoint for everything and publishes it; false when it has to be tried again.
    private func initialize() async -> Bool {
        if state == .ready { logger.info("asking again what it is") }
        do {
            var reader = InventoryReader(session) { [logger] part, why in
                logger.info("left out", metadata: ["part": "\(part)", "why": "\(why)"])
            }
            let inventory = try await reader.read()
            if Task.isCancelled { return false }
            publish(inventory)
            if state != .ready { session.forgetFailures() }
            enter(.ready, "")
            return true
        } catch {
            if Task.isCancelled { return false }
            enter(
                error.cameFromEndpoint ? .failed : .unavailable,
                BusErrors.words(for: error)
            )
            return false
        }
    }

    /// Publishes what the endpoint has below itself.
    ///
    /// An object's properties are constant, so one whose facts have changed is taken back and
    /// published anew.
    private func publish(_ new: EndpointInventory) {
        let old = inventory
        inventory = new
        replace(old.ports, new.ports, at: { path.port($0) }) { port, information in
            [Interface<Port>.port.bound(to: Port(number: port, information))]
        }
        replace(old.controllers, new.controllers, at: { path.controller($0) }) {
            identifier,
            facts in
            [
                Interface<Controller>.controller.bound(
                    to: Controller(identifier, facts, of: self)
                )
            ]
        }
        replace(old.namespaces, new.namespaces, at: { path.namespace($0) }) { identifier, facts in
            [Interface<Namespace>.namespace.bound(to: Namespace(identifier, facts))]
        }
        var changed: [MemberName] = []
        if old.managementInterfaceVersion != new.managementInterfaceVersion {
            changed.append("MIVersion")
        }
        if old.subsystemNQN != new.subsystemNQN { changed.append("SubsystemNQN") }
        if old.optionalCommands != new.optionalCommands { changed.append("OptionalCommands") }
        connection.objects.propertiesChanged(
            path,
            interface: Interface<Endpoint>.endpoint.name,
            changed
        )
    }

    private func replace<Key: Hashable & Comparable, Facts: Equatable>(
        _ old: [Key: Facts],
        _ new: [Key: Facts],
        at path: (Key) -> ObjectPath,
        _ interfaces: (Key, Facts) -> [BoundInterface]
    ) {
        for key in old.keys where new[key] != old[key] { connection.objects.remove(path(key)) }
        for (key, facts) in new.sorted(by: { $0.key < $1.key }) where old[key] != facts {
            add(path(key), interfaces(key, facts))
        }
    }

    /// Publishes an object; a path that is taken is a mistake of the bridge's own, and harmless.
    private func add(_ path: ObjectPath, _ interfaces: [BoundInterface]) {
        do {
            try connection.objects.add(path, interfaces)
        } catch {
            logger.error("not published", metadata: ["path": "\(path)", "error": "\(error)"])
        }
    }

    private func enter(_ newState: EndpointState, _ reason: String) {
        guard newState != state || reason != stateReason else { return }
        let isNew = newState != state
        state = newState
        stateReason = reason
        connection.objects.propertiesChanged(
            path,
            interface: Interface<Endpoint>.endpoint.name,
            isNew ? ["State", "StateReason"] : ["StateReason"]
        )
        guard isNew else { return }
        switch newState {
        case .ready, .initializing:
            logger.notice("\(newState.rawValue)")
        case .unavailable, .failed:
            logger.warning("\(newState.rawValue)", metadata: ["reason": "\(reason)"])
        }
    }
}
