import DBus
import EventLoop
import NVMeMI

/// What the health polls of an endpoint have brought, and when the next is due.
@LoopActor
final class HealthMonitor {
    /// Time from one poll to the next as configured, and as a client wants it instead; zero polls never.
    var configuredInterval: Duration
    var clientsInterval: Duration?
    /// What the last answered poll said; nil before the first.
    private(set) var health: SubsystemHealth?

    /// What is published before the first poll: a drive that is not known to have any trouble.
    static let unknown: SubsystemHealth = {
        var health = SubsystemHealth()
        health.status = [.driveFunctional, .resetNotRequired]
        return health
    }()
    /// When the last poll was answered and when it last said something new, in milliseconds of Unix time.
    private(set) var updated: UInt64 = 0
    private(set) var changed: UInt64 = 0
    /// Flags that the last poll had and the one before had not.
    private(set) var newFlags: ControllerStatusFlags = []

    private var lastPoll: MonotonicInstant?
    /// The clients that want no polls now, with the watch that ends it when they leave the bus.
    private var pauses: [String: Subscription] = [:]

    init(interval: Duration) {
        configuredInterval = interval
    }

    /// Time from one poll to the next; zero polls never.
    var interval: Duration { clientsInterval ?? configuredInterval }

    /// When the next poll is due; nil when none is.
    var nextPoll: MonotonicInstant? {
        guard interval > .zero, pauses.isEmpty else { return nil }
        return lastPoll.map { $0 + interval } ?? EventLoop.main.now
    }

    /// Whether a client has paused the polls.
    var isPaused: Bool { !pauses.isEmpty }

    /// Takes what a poll said; returns the names of the properties that have changed.
    func take(_ new: SubsystemHealth) -> [MemberName] {
        lastPoll = EventLoop.main.now
        updated = WallClock.nanoseconds / 1_000_000
        newFlags =
            health.map {
                new.compositeControllerStatus.subtracting($0.compositeControllerStatus)
            } ?? []
        guard new != health else { return [] }
        defer {
            health = new
            changed = updated
        }
        guard let health else { return HealthMonitor.members + ["Changed"] }
        var names: [MemberName] = ["Changed"]
        if new.status != health.status {
            names += ["DriveFunctional", "ResetRequired", "SanitizeFailureMode"]
        }
        if new.invertedWarnings != health.invertedWarnings { names.append("SMARTWarnings") }
        if new.temperature != health.temperature {
            names += ["CompositeTemperature", "CompositeTemperatureState"]
        }
        if new.percentageUsed != health.percentageUsed { names.append("PercentageDriveLifeUsed") }
        if new.compositeControllerStatus != health.compositeControllerStatus {
            names.append("CompositeControllerStatus")
        }
        return names
    }

    /// A poll had no answer; the next is due at its usual time.
    func missed() {
        lastPoll = EventLoop.main.now
        newFlags = []
    }

    /// The properties that a poll can change.
    private static let members: [MemberName] = [
        "DriveFunctional", "ResetRequired", "SanitizeFailureMode", "SMARTWarnings",
        "CompositeTemperature", "CompositeTemperatureState", "PercentageDriveLifeUsed",
        "CompositeControllerStatus",
    ]

    // MARK: Pauses

    /// Pauses the polls until the client resumes them or leaves the bus.
    ///
    /// - Parameters:
    ///   - client: Its unique name.
    ///   - watch: Begins to watch the client; the polls resume when it calls back.
    func pause(for client: String, _ watch: () -> Subscription) {
        guard pauses[client] == nil else { return }
        pauses[client] = watch()
    }

    /// Ends a client's pause; false when it had none.
    func resume(for client: String) -> Bool {
        guard let watch = pauses.removeValue(forKey: client) else { return false }
        watch.cancel()
        return true
    }

    /// Ends all pauses for good.
    func end() {
        for watch in pauses.values { watch.cancel() }
        pauses = [:]
    }
}
