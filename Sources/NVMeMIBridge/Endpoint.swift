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
    /// Consecutive looks without an answer after which mctpd is asked to recover the endpoint.
    private static let silentLooksBeforeRecover = 2

    let path: ObjectPath
    let session: EndpointSession
    private(set) var discovered: DiscoveredEndpoint
    private(set) var inventory = EndpointInventory()
    let link: LinkTuning
    private(set) var state = EndpointState.initializing
    /// Why the endpoint is not ready, in words; empty when it is.
    private(set) var stateReason = ""
    /// Whether mctpd has named the endpoint since it came to the bus.
    private(set) var isConfirmed = true
    let health: HealthMonitor

    unowned let bridge: Bridge
    let logger: Logger
    private var life: Task<Void, Never>?
    /// When the endpoint was last asked what it is.
    private var lastLook = EventLoop.main.now
    private var isLookDue = true
    /// Ends the present pause, because there is something to do or to be reckoned anew.
    private var attention = Promise<Void>()
    private var recovery: RecoverySchedule
    private lazy var objects = EndpointObjects(of: self)

    init(_ discovered: DiscoveredEndpoint, in bridge: Bridge) {
        self.discovered = discovered
        self.bridge = bridge
        path = BusPaths.endpoint(discovered.address)
        var logger = bridge.logger
        logger[metadataKey: "endpoint"] = "\(discovered.address)"
        self.logger = logger
        let settings = bridge.settings.drive(nil)
        session = EndpointSession(
            to: discovered.address,
            over: bridge.transport,
            settings: settings.session
        )
        link = LinkTuning(session)
        health = HealthMonitor(interval: settings.healthInterval)
        recovery = RecoverySchedule(bridge.settings)
    }

    var address: EndpointAddress { discovered.address }
    var connection: Connection { bridge.connection }
    private var settings: DriveSettings { bridge.settings.drive(inventory.identity) }

    /// Publishes the endpoint and begins to ask it what it is.
    func begin() {
        add(
            path,
            [
                Interface<Endpoint>.endpoint.bound(to: self),
                Interface<Endpoint>.endpointControl.bound(to: self),
                Interface<Endpoint>.health.bound(to: self),
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
        health.end()
        session.close(reason: reason)
        objects.removeAll()
        connection.objects.remove(path)
    }

    /// Waits until nothing of the endpoint runs any more.
    func ended() async {
        await life?.value
    }

    /// Asks the endpoint anew what it is.
    func look() {
        isLookDue = true
        attention.resolve()
    }

    /// Takes over a configuration that was read anew.
    func configurationChanged() {
        recovery = RecoverySchedule(bridge.settings)
        changeHealthPolling { $0.clientsInterval = nil }
        settingsChanged()
    }

    /// Takes over settings that may have changed, or that its identity brings with it.
    private func settingsChanged() {
        let settings = settings
        session.settings = settings.session
        changeHealthPolling { $0.configuredInterval = settings.healthInterval }
        if let limits = link.limits, limits != settings.tuningLimits { look() }
    }

    /// Changes when health is polled, and tells what of it is published.
    func changeHealthPolling<Success>(_ change: (HealthMonitor) -> Success) -> Success {
        let (interval, isPaused) = (health.interval, health.isPaused)
        defer {
            var names: [MemberName] = []
            if health.interval != interval { names.append("PollInterval") }
            if health.isPaused != isPaused { names.append("PollingPaused") }
            if !names.isEmpty {
                healthChanged(names)
                attention.resolve()
            }
        }
        return change(health)
    }

    // MARK: What mctpd says

    /// Takes note of what mctpd says of the endpoint.
    func confirm(_ discovered: DiscoveredEndpoint) {
        isConfirmed = true
        let wasConnected = self.discovered.isConnected
        let oldUUID = self.discovered.uuid
        self.discovered = discovered.completed(from: self.discovered)
        if self.discovered.uuid != oldUUID { endpointChanged(["UUID"]) }
        guard discovered.isConnected != wasConnected else { return }
        logger.debug(
            "connectivity",
            metadata: ["mctpd": "\(discovered.isConnected ? "Available" : "Degraded")"]
        )
        if discovered.isConnected {
            link.routeMayHaveChanged()
            session.resume()
        } else {
            let reason = "mctpd reports its connectivity as Degraded"
            enter(.unavailable, reason)
            session.suspend(reason: "endpoint \(address) is unavailable: \(reason)")
        }
        look()
    }

    /// mctpd has left the bus: what it said may no longer hold, though the route may well.
    func unconfirm() {
        isConfirmed = false
        link.routeMayHaveChanged()
        recovery.isRefused = false
    }

    // MARK: Commands

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
            if state == .unavailable, lastLook + bridge.settings.firstRetry <= EventLoop.main.now {
                look()
            }
            return reply
        } catch {
            commandFailed(error, command.declaration.name, caller: call.sender)
            throw BusErrors.error(
                for: error,
                of: command.declaration.name,
                to: address,
                isWriting: isWriting
            )
        }
    }

    /// Judges the endpoint by a command that failed, and tells the log.
    private func commandFailed(_ error: SessionError, _ command: String, caller: String) {
        if state == .ready, session.unansweredInARow >= Self.unansweredLimit {
            enter(.unavailable, "\(session.unansweredInARow) commands in a row had no answer")
            look()
        }
        let level: Logger.Level
        switch error {
        case .device, .argument, .queueFull, .cancelled, .closed: level = .debug
        default: level = .notice
        }
        logger.log(
            level: level,
            "command failed",
            metadata: [
                "command": "\(command)", "caller": "\(caller)",
                "error": "\(BusErrors.words(for: error))",
            ]
        )
    }

    // MARK: Life

    private func live() async {
        var pause = bridge.settings.firstRetry
        var nextLook: MonotonicInstant?
        while !Task.isCancelled {
            attention = Promise()
            if !discovered.isConnected {
                enter(.unavailable, "mctpd reports its connectivity as Degraded")
                nextLook = nil
            } else if isLookDue {
                isLookDue = false
                switch await initialize() {
                case .complete:
                    pause = bridge.settings.firstRetry
                    nextLook = nil
                case .incomplete:
                    pause = bridge.settings.firstRetry
                    nextLook = EventLoop.main.now + bridge.settings.lastRetry
                case .nothing:
                    nextLook = EventLoop.main.now + pause
                    pause = min(pause * 2, bridge.settings.lastRetry)
                }
            }
            let nextPoll = state == .ready ? health.nextPoll : nil
            let next = [nextLook, nextPoll].compactMap(\.self).min()
            guard await rest(until: next) else { return }
            let now = EventLoop.main.now
            if let nextLook, nextLook <= now {
                isLookDue = true
            } else if !isLookDue, let nextPoll, nextPoll <= now {
                await pollHealth()
            }
        }
    }

    /// Waits until something wants attention, or until then; false when the endpoint's life is over.
    private func rest(until then: MonotonicInstant?) async -> Bool {
        do {
            try await attention.value(until: then ?? .distantFuture)
            return true
        } catch is DeadlineExceeded {
            return true
        } catch {
            return false
        }
    }

    /// What came of asking an endpoint what it is.
    private enum Outcome {
        case complete
        /// Ready, with a part from before: it is asked again after a while.
        case incomplete
        case nothing
    }

    /// Asks the endpoint for everything and publishes it.
    private func initialize() async -> Outcome {
        lastLook = EventLoop.main.now
        if state == .ready { logger.info("asking again what it is") }
        do {
            var reader = InventoryReader(session) { [logger] part, why in
                logger.info("left out", metadata: ["part": "\(part)", "why": "\(why)"])
            }
            let ports = try await reader.readPorts()
            // The rest are long answers, which are faster afterwards; but who it is may forbid it.
            let isKnown = self.inventory.identity != nil || !bridge.settings.tuningDependsOnDrive
            if isKnown { try await tune(ports, settings) }
            var inventory = try await reader.readControllers()
            if Task.isCancelled { return .nothing }
            if let known = self.inventory.identity, let identity = inventory.identity,
                !identity.isSameDrive(as: known)
            {
                bridge.swap(
                    self,
                    reason: "another drive is there: serial number \(identity.serialNumber), not "
                        + known.serialNumber
                )
                return .nothing
            }
            let isCompleted = inventory.complete(from: self.inventory)
            if !isKnown { try await tune(ports, bridge.settings.drive(inventory.identity)) }
            if Task.isCancelled { return .nothing }
            session.forgetFailures()
            recovery.succeeded()
            publish(inventory)
            // It may have been told to be out of reach meanwhile.
            if discovered.isConnected { enter(.ready, "") }
            return isCompleted ? .incomplete : .complete
        } catch {
            if Task.isCancelled { return .nothing }
            await failedToAnswer(error)
            return .nothing
        }
    }

    private func tune(
        _ ports: [UInt8: PortInformation],
        _ settings: DriveSettings
    ) async throws(SessionError) {
        let before = link.speed
        defer { speedChanged(from: before) }
        try await link.tune(ports, settings.tuningLimits, setRouteMTU: routeSetter)
    }

    /// Sets the MTU of mctpd's route to the endpoint; nil where mctpd does not.
    private var routeSetter: LinkTuning.RouteSetter? {
        guard discovered.isControllable, !bridge.mayNotControl else { return nil }
        return { [self] mtu in try await bridge.setRouteMTU(mtu, of: self) }
    }

    private func speedChanged(from before: LinkSpeed) {
        let now = link.speed
        var names: [MemberName] = []
        if now.transmissionUnit != before.transmissionUnit { names.append("TransmissionUnit") }
        if now.smbusFrequency != before.smbusFrequency { names.append("SMBusFrequency") }
        if now.tuning != before.tuning {
            names.append("Tuning")
            logger.info("speed of the way", metadata: ["result": "\(now.tuning)"])
        }
        endpointChanged(names)
    }

    /// Sets an SMBus frequency for a caller.
    func set(_ command: ConfigurationSet.SMBusFrequency, for call: Invocation) async throws {
        try await perform(command, for: call, isWriting: true)
        guard isBehind(port: command.port) else { return }
        let before = link.speed
        link.callerHasSet(frequency: command.frequency.hertz ?? 0)
        speedChanged(from: before)
    }

    /// Sets a transmission unit for a caller; where the endpoint is behind the port, the route as well.
    func set(_ command: ConfigurationSet.TransmissionUnitSize, for call: Invocation) async throws {
        let setDrive = { @LoopActor @Sendable [self] () async throws in
            // What happens to a command in the other slot meanwhile is not defined.
            _ = try await perform(command, for: call, isWriting: true, isExclusive: true)
        }
        guard isBehind(port: command.port) else { return try await setDrive() }
        let before = link.speed
        defer { speedChanged(from: before) }
        try await link.setForCaller(
            transmissionUnit: command.size,
            setRouteMTU: routeSetter,
            setDrive
        )
    }

    /// Whether the endpoint is known to be behind a port.
    private func isBehind(port: UInt8) -> Bool {
        LinkTuning.port(of: inventory.ports).map { $0.0 == port } ?? false
    }

    /// Judges the endpoint by a look that failed.
    private func failedToAnswer(_ error: SessionError) async {
        guard discovered.isConnected else { return }
        let evidence = error.evidence
        guard evidence != .none, evidence != .busy else {
            // It is busy, or was not even asked: nothing is known that was not known before.
            if state != .ready { enter(state, BusErrors.words(for: error)) }
            return
        }
        recovery.failed(isSilent: evidence == .silent)
        // A ready endpoint is given a second chance: one lost answer is no dead drive.
        if state != .ready || recovery.failedLooks > 1 {
            enter(evidence == .answered ? .failed : .unavailable, BusErrors.words(for: error))
        }
        guard evidence == .silent, discovered.isControllable, isConfirmed,
            recovery.silentLooks >= Self.silentLooksBeforeRecover, recovery.isDue
        else { return }
        recovery.tried()
        switch await bridge.askToRecover(self) {
        case .asked, .failed: break
        case .refused: recovery.isRefused = true
        }
    }

    // MARK: Health

    /// Asks for the health once, without clearing what others may watch.
    private func pollHealth() async {
        do {
            let new = try await session.perform(
                SubsystemHealthStatusPoll(version: inventory.version),
                CommandOptions(priority: .health)
            )
            healthChanged(health.take(new))
            let news = health.newFlags.intersection(Self.flagsThatWantALook)
            if !news.isEmpty {
                logger.info("changed", metadata: ["flags": "\(news.setNames)"])
                look()
            }
        } catch {
            if Task.isCancelled { return }
            health.missed()
            commandFailed(error, SubsystemHealthStatusPoll.declaration.name, caller: "health poll")
        }
    }

    /// What has happened to a drive that is no longer quite what it was.
    private static let flagsThatWantALook: ControllerStatusFlags = [
        .ready, .subsystemReset, .controllerEnable, .namespaceAttribute, .firmwareActivated,
    ]

    private func healthChanged(_ names: [MemberName]) {
        connection.objects.propertiesChanged(
            path,
            interface: Interface<Endpoint>.health.name,
            names
        )
    }

    // MARK: Publishing

    /// Publishes what the endpoint has below itself.
    private func publish(_ new: EndpointInventory) {
        let old = inventory
        inventory = new
        objects.publish(new)
        var changed: [MemberName] = []
        if old.managementInterfaceVersion != new.managementInterfaceVersion {
            changed.append("MIVersion")
        }
        if old.subsystemNQN != new.subsystemNQN { changed.append("SubsystemNQN") }
        if old.optionalCommands != new.optionalCommands { changed.append("OptionalCommands") }
        endpointChanged(changed)
        if old.subsystemNQN != new.subsystemNQN {
            bridge.subsystemsChanged([old.subsystemNQN, new.subsystemNQN])
        }
        if old.identity != new.identity { settingsChanged() }
    }

    /// Tells that another endpoint of the subsystem came or went.
    func subsystemChanged() {
        endpointChanged(["SubsystemEndpoints"])
    }

    private func endpointChanged(_ names: [MemberName]) {
        connection.objects.propertiesChanged(
            path,
            interface: Interface<Endpoint>.endpoint.name,
            names
        )
    }

    /// Publishes an object; a path that is taken is a mistake of the bridge's own, and harmless.
    func add(_ path: ObjectPath, _ interfaces: [BoundInterface]) {
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
        endpointChanged(isNew ? ["State", "StateReason"] : ["StateReason"])
        guard isNew else { return }
        switch newState {
        case .ready, .initializing:
            logger.notice("\(newState.rawValue)")
        case .unavailable, .failed:
            logger.warning("\(newState.rawValue)", metadata: ["reason": "\(reason)"])
        }
    }
}
