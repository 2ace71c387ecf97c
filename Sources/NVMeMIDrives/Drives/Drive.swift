public import EventLoop
public import NVMeMI
import NVMeMIClient

/// A drive: one NVM subsystem, by whichever endpoints it is reached.
@LoopActor
public final class Drive: ModelObject {
    /// Unique and stable; `[A-Za-z0-9][A-Za-z0-9_]*`.
    public let name: String
    /// The ways to it, in the order of their addresses.
    public private(set) var endpoints: [Endpoint] = []
    /// When ``state`` last changed, in milliseconds of Unix time.
    public private(set) var stateSince = WallClock.nanoseconds / 1_000_000
    private var lastState = DriveState.unavailable
    /// How well it is, as it was told last.
    public private(set) var verdict = DriveHealth.unknown
    /// When the level of ``verdict`` last changed, in milliseconds of Unix time.
    public private(set) var verdictSince = WallClock.nanoseconds / 1_000_000
    /// The tens of percent of its life that the log has been told of.
    private var toldWear: UInt8?
    /// Whether it is warmer than its controllers warn of.
    public private(set) var warningAlarm = TemperatureAlarm()
    /// Whether it is warmer than its controllers can bear.
    public private(set) var criticalAlarm = TemperatureAlarm()
    /// By what it was told from others when it was made; nil when nothing told.
    var assignedIdentity: DriveIdentity?
    /// Whether it has the name that the machine's inventory has for it.
    var isNamedForPlace = false

    init(name: String) {
        self.name = name
    }

    /// Who it is; nil while no endpoint has told.
    public var identity: DriveIdentity? {
        endpoints.lazy.compactMap(\.identity).first
    }

    /// What it is in, as the machine's inventory knows it; nil where that has not told.
    public var chassis: String? {
        endpoints.lazy.compactMap { $0.fleet.knownPlace(of: $0.address)?.chassis }.first
    }

    /// The number of the slot that it is in; nil where nobody has said.
    public var slot: UInt32? { endpoints.lazy.compactMap(\.slot).first }

    /// Where in the machine it is; empty where nobody has said.
    public var location: String {
        endpoints.lazy.map(\.location).first { !$0.isEmpty } ?? ""
    }

    /// The endpoint that commands to the drive take: the first that is in the best state.
    public var activeEndpoint: Endpoint? {
        endpoints.min { ($0.state.rank, $0.address) < ($1.state.rank, $1.address) }
    }

    /// How it is: as its best endpoint.
    public var state: DriveState {
        switch activeEndpoint?.state {
        case .ready: .ready
        case .initializing: .busy
        case .failed: .failed
        case .unavailable, nil: .unavailable
        }
    }

    /// Why it is in its state, what is done about it and what to try; empty when it is ready and all is known.
    public var stateReason: StateReason { activeEndpoint?.stateReason ?? .none }

    /// The parts of it that are not known by any of its endpoints.
    public var missingParts: [MissingPart] {
        guard let active = activeEndpoint else { return [] }
        return active.inventory.missingParts
    }

    // MARK: Health

    /// The health by the endpoint that commands take; by another while that was not polled yet.
    private var polled: Health? {
        if let health = activeEndpoint?.health, health.latest != nil { return health }
        return endpoints.lazy.map(\.health).filter { $0.latest != nil }.max {
            $0.updated < $1.updated
        }
    }

    /// What the last poll said; nil before the first.
    public var health: SubsystemHealth? { polled?.latest }

    /// Whether ``health`` is how the drive is now: it is polled, and says so.
    public var isHealthCurrent: Bool {
        guard let active = activeEndpoint, condition.isMeasured else { return false }
        return active.inventory.isKnownNow(.health) && !active.health.isPaused
            && active.health.interval > .zero
    }

    /// The controller that speaks for the drive: the first that has told who it is.
    public var leadingController: Controller? {
        activeEndpoint?.inventory.controllers.first { $0.identity != nil }
    }

    /// What it has counted in its life, when it was last asked for that; nil before.
    public var counters: DriveCounters? { counted?.counters }

    /// When ``counters`` were told, in milliseconds of Unix time; 0 before.
    public var countersUpdated: UInt64 { counted?.countersUpdated ?? 0 }

    private var counted: Health? {
        endpoints.lazy.map(\.health).filter { $0.counters != nil }.max {
            $0.countersUpdated < $1.countersUpdated
        }
    }

    /// The spare that is left in percent, as its controllers say; nil while that is not known.
    public var availableSpare: UInt8? { polled?.availableSpare ?? nil }

    /// Takes note of the temperature that a poll brought.
    func noteTemperature() {
        guard isHealthCurrent, let celsius = health?.temperature.celsius else { return }
        _ = warningAlarm.take(celsius, threshold: warningTemperature)
        _ = criticalAlarm.take(celsius, threshold: criticalTemperature)
    }

    /// The temperature in degrees Celsius from which on people are warned; nil where nobody has said.
    public var warningTemperature: Int16? {
        wantedThresholds.warning ?? leadingController?.identity?.warningTemperature
    }

    /// The temperature in degrees Celsius that it can bear; nil where nobody has said.
    public var criticalTemperature: Int16? {
        wantedThresholds.critical ?? leadingController?.identity?.criticalTemperature
    }

    /// Thresholds that somebody wants instead of the drive's own, until the daemon ends or the drive goes.
    public var wantedThresholds = TemperatureThresholds() {
        didSet {
            activeEndpoint?.judgeDrive()
            activeEndpoint?.fleet.observer?.changed(self)
        }
    }

    /// Judges anew how well it is.
    ///
    /// - Returns: How it was before; nil when that is how it is now.
    func judge() -> DriveHealth? {
        let former = verdict
        let present = presentHealth
        guard present != former else { return nil }
        verdict = present
        if present.level != former.level { verdictSince = WallClock.nanoseconds / 1_000_000 }
        return former
    }

    /// Takes note of its wear.
    ///
    /// - Returns: The tens of percent that it has reached since it was noted last; nil for none.
    func noteWear() -> UInt8? {
        guard let used = health?.percentageUsed else { return nil }
        let step = used / 10 * 10
        defer { toldWear = step }
        guard let toldWear, step > toldWear else { return nil }
        return step
    }

    // MARK: Commands

    /// Carries out a command by an endpoint that works, and by another when that does not answer.
    ///
    /// A command that may not be repeated is tried elsewhere only when it was not sent.
    ///
    /// - Throws: `DriveError`: of the last endpoint that was tried.
    public func perform<C: Command>(
        _ command: C,
        for requester: Requester,
        timeLimit: Duration? = nil,
        isWriting: Bool = false
    ) async throws(DriveError) -> C.Reply {
        var failure = DriveError.noEndpoint(drive: name, reason: stateReason.detail)
        for endpoint in endpointsByState where endpoint.isReachable {
            do {
                return try await endpoint.perform(
                    command,
                    for: requester,
                    timeLimit: timeLimit,
                    isWriting: isWriting
                )
            } catch {
                guard error.mayWorkElsewhere(isRepeatable: command.declaration.isRepeatable) else {
                    throw error
                }
                failure = error
            }
        }
        throw failure
    }

    /// The ways to it, the better the sooner.
    var endpointsByState: [Endpoint] {
        endpoints.sorted { ($0.state.rank, $0.address) < ($1.state.rank, $1.address) }
    }

    // MARK: Endpoints

    func add(_ endpoint: Endpoint) {
        endpoints.append(endpoint)
        endpoints.sort { $0.address < $1.address }
        noteState()
    }

    func remove(_ endpoint: Endpoint) {
        endpoints.removeAll { $0 === endpoint }
        noteState()
    }

    /// Takes over what was known of the same drive by another name, so that nothing begins anew with the name.
    func inherit(from former: Drive) {
        wantedThresholds = former.wantedThresholds
        warningAlarm = former.warningAlarm
        criticalAlarm = former.criticalAlarm
        toldWear = former.toldWear
        verdict = former.verdict
        verdictSince = former.verdictSince
        lastState = former.lastState
        stateSince = former.stateSince
    }

    /// Keeps the time of the last change of state.
    func noteState() {
        guard state != lastState else { return }
        lastState = state
        stateSince = WallClock.nanoseconds / 1_000_000
    }
}

extension DriveError {
    /// Whether the same command may succeed by another endpoint of the drive.
    func mayWorkElsewhere(isRepeatable: Bool) -> Bool {
        switch self {
        case .unavailable, .noEndpoint: true
        case .argument, .notAllowed, .unsupported, .directory, .failed, .interrupted, .tooMany:
            false
        case .command(let failure):
            switch failure.error.evidence {
            case .silent, .carrier: isRepeatable
            case .none:
                if case .closed = failure.error { isRepeatable } else { false }
            case .answered, .busy: false
            }
        }
    }
}
