import DBus
import EventLoop
import Logging
import MCTP
import NVMeMIDrives

/// Tells OpenBMC's event log, where there is one, what happens to drives: once for each change.
@LoopActor
final class EventLog: FleetObserver {
    private let connection: Connection
    private let logger: Logger
    private var watch: Subscription?
    private var isServicePresent = false
    /// What was told last of a drive.
    @LoopActor
    private struct Told {
        var matters: Set<DriveMatter> = []
        var place: String
        var identity: DriveIdentity?
        var addresses: [EndpointAddress]

        init(_ drive: Drive) {
            place = drive.place
            identity = drive.identity
            addresses = drive.endpoints.map(\.address)
        }

        /// Takes note of where and who the drive is now; one that does not tell any more is who it was.
        mutating func update(_ drive: Drive) {
            place = drive.place
            identity = drive.identity ?? identity
            if !drive.endpoints.isEmpty { addresses = drive.endpoints.map(\.address) }
        }

        /// Whether a drive that comes may be this one: it says so, or one of them has not told who it is and
        /// both are in the same place.
        func isOf(_ drive: Drive) -> Bool {
            if let identity, let other = drive.identity { return identity.isSameDrive(as: other) }
            return drive.endpoints.contains { addresses.contains($0.address) }
        }
    }

    private var told: [ObjectIdentifier: Told] = [:]
    /// How far updates of firmware have come, by the number of their jobs.
    private var updates: [UInt32: UpdateStage] = [:]
    /// Whose health it is.
    private var patients: [ObjectIdentifier: Endpoint] = [:]
    /// Drives that have gone a moment ago, and may come again by another name or address.
    private var gone: [(number: ObjectIdentifier, last: Told, timer: Timer)] = []
    /// Endpoints that were found at the start: their drives were not inserted.
    private var foundAtStart: Set<ObjectIdentifier> = []
    private var isSettled = false
    private var settling: Timer?
    private var waiting: [DriveEvent] = []
    private var leftOut = 0
    /// How often the one that is tried was refused.
    private var failures = 0
    private var wanted = Promise<Void>()
    /// Entries that may be made now, and since when that is so; one more every few seconds.
    private var allowance = (entries: EventLog.burst, since: EventLoop.main.now)

    static let service: BusName = "xyz.openbmc_project.Logging"
    private static let path: ObjectPath = "/xyz/openbmc_project/logging"
    private static let interface: InterfaceName = "xyz.openbmc_project.Logging.Create"
    private static let timeLimit: Duration = .seconds(10)
    /// Entries that wait at most, and that are made at once at most.
    private static let limit = 64
    private static let burst = 32
    private static let pause: Duration = .seconds(3)
    /// How often an entry that is refused is tried again: there are services that take their name before they serve.
    private static let attempts = 3
    /// How long a drive that has gone may take to come again.
    private static let patience: Duration = .seconds(2)

    init(_ connection: Connection, logger: Logger) {
        self.connection = connection
        self.logger = logger
    }

    func begin() async throws(DBusError) {
        watch = try await connection.watchName(
            Self.service,
            appeared: { [weak self] _ in
                self?.isServicePresent = true
                self?.wanted.resolve(())
            },
            vanished: { [weak self] in self?.isServicePresent = false }
        )
    }

    /// The drives that there are at the start have been found: those that come from now on are inserted.
    func startEnded(_ grace: Duration) {
        settling = EventLoop.main.schedule(afterSilence: grace) { [weak self] in
            self?.isSettled = true
            self?.logger.debug("drives that come from now on are inserted")
        }
    }

    /// Tells of nothing any more.
    func end() {
        watch?.cancel()
        settling?.cancel()
        for entry in gone { entry.timer.cancel() }
        gone = []
        isSettled = false
    }

    // MARK: What the model tells

    func appeared(_ object: any ModelObject) {
        if let endpoint = object as? Endpoint {
            patients[ObjectIdentifier(endpoint.health)] = endpoint
            if !isSettled { foundAtStart.insert(ObjectIdentifier(endpoint)) }
        }
        guard let drive = object as? Drive else { return }
        var now = Told(drive)
        // Those that say who they are before those that may be any.
        let former =
            gone.firstIndex {
                $0.last.identity != nil && drive.identity != nil && $0.last.isOf(drive)
            }
            ?? gone.firstIndex { $0.last.isOf(drive) }
        if let former {
            let (_, last, timer) = gone.remove(at: former)
            timer.cancel()
            now.identity = now.identity ?? last.identity
            // What was the matter with it is told already, and its end is told when it has come.
            now.matters = last.matters
        } else if isSettled,
            !drive.endpoints.contains(where: { foundAtStart.contains(ObjectIdentifier($0)) })
        {
            add(.inserted(at: drive.place))
        }
        told[ObjectIdentifier(drive)] = now
        judge(drive)
    }

    func changed(_ object: any ModelObject) {
        switch object {
        case let drive as Drive: judge(drive)
        case is Health: patients[ObjectIdentifier(object)]?.drive.map(judge)
        case let job as Job: follow(job)
        default: break
        }
    }

    /// Tells what became of an update since the last look.
    private func follow(_ job: Job) {
        guard let stage = UpdateStage(of: job), stage != updates[job.number] else { return }
        // What was lost on the way is transferred and installed anew, and not told again.
        if updates[job.number] == .installing, stage == .transferring { return }
        let former = updates.updateValue(stage, forKey: job.number)
        for event in UpdateEvents(of: job).events(of: stage, after: former) { add(event) }
    }

    func vanished(_ object: any ModelObject) {
        if let job = object as? Job { updates[job.number] = nil }
        if let endpoint = object as? Endpoint {
            patients[ObjectIdentifier(endpoint.health)] = nil
            foundAtStart.remove(ObjectIdentifier(endpoint))
        }
        guard let drive = object as? Drive,
            let last = told.removeValue(forKey: ObjectIdentifier(drive))
        else { return }
        let number = ObjectIdentifier(drive)
        let timer = EventLoop.main.schedule(afterSilence: Self.patience) { [weak self] in
            guard let self else { return }
            gone.removeAll { $0.number == number }
            if isSettled { add(.removed(at: last.place)) }
        }
        gone.append((number, last, timer))
    }

    private func judge(_ drive: Drive) {
        guard var last = told[ObjectIdentifier(drive)] else { return }
        let former = last.matters
        // What a drive has yet to say is as it was.
        last.matters = Set(
            DriveMatter.allCases.filter {
                $0.isKnown(of: drive) ? $0.isSo(of: drive) : former.contains($0)
            }
        )
        last.update(drive)
        told[ObjectIdentifier(drive)] = last
        for matter in former.symmetricDifference(last.matters) {
            let isSo = last.matters.contains(matter)
            if let event = matter.event(of: drive, isSo) { add(event) }
        }
    }

    // MARK: Entries

    func add(_ event: DriveEvent) {
        logger.notice(
            "event",
            metadata: [
                "message": "\(event.message)", "text": "\(event.text)", "place": "\(event.place)",
            ]
        )
        waiting.append(event)
        if waiting.count > Self.limit {
            waiting.remove(at: waiting.firstIndex(where: \.isStep) ?? 0)
            leftOut += 1
        }
        wanted.resolve(())
    }

    /// Makes the entries, one after the other, until cancelled.
    func run() async {
        while !Task.isCancelled {
            do {
                try await wanted.value
                wanted = Promise()
                while isServicePresent, !waiting.isEmpty {
                    try await waitForAllowance()
                    let event = waiting.removeFirst()
                    if await make(event) || failures >= Self.attempts {
                        failures = 0
                    } else {
                        failures += 1
                        waiting.insert(event, at: 0)
                        try await sleep(for: Self.pause)
                    }
                }
            } catch {
                return
            }
        }
    }

    /// Waits until one more entry may be made.
    private func waitForAllowance() async throws {
        let quiet = allowance.since.duration(to: EventLoop.main.now)
        let earned = Int(clamping: quiet.wholeNanoseconds / Self.pause.wholeNanoseconds)
        if earned > 0 {
            allowance = (min(Self.burst, allowance.entries + earned), EventLoop.main.now)
        }
        if allowance.entries == 0 {
            try await sleep(for: Self.pause)
            allowance = (1, EventLoop.main.now)
        }
        allowance.entries -= 1
    }

    /// Makes an entry; returns whether it was taken.
    private func make(_ event: DriveEvent) async -> Bool {
        if leftOut > 0 {
            logger.warning("events were left out", metadata: ["count": "\(leftOut)"])
            leftOut = 0
        }
        do {
            _ = try await connection.call(
                destination: Self.service,
                path: Self.path,
                interface: Self.interface,
                member: "Create",
                arguments: event.name,
                "xyz.openbmc_project.Logging.Entry.Level.\(event.severity.rawValue)",
                event.data,
                timeout: Self.timeLimit
            )
            return true
        } catch {
            if Task.isCancelled { return false }
            logger.warning(
                "the event log took no entry",
                metadata: ["message": "\(event.message)", "error": "\(error)"]
            )
            return false
        }
    }
}
