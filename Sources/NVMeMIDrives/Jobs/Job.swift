public import EventLoop
import Logging
public import NVMeMI

/// Something that takes longer than a call: what is done to a drive, how far it has come, and how it ended.
///
/// It is of the drive, not of an endpoint: it goes on by another endpoint, and when the drive has got another address
/// or mctpd has come again.
@LoopActor
public final class Job: ModelObject {
    /// Its number, from 1 on; never given twice.
    public let number: UInt32
    /// What holds for all of its kind.
    public let kind: JobKind
    /// Who started it; nil when nobody here did.
    public let starter: JobStarter?
    /// The drive that it is about.
    public let target: JobTarget
    /// Where it is in its life.
    public private(set) var state = JobState.waiting
    /// How far it has come.
    public private(set) var progress = JobProgress(start: EventLoop.main.now)
    /// What it is doing, in words; empty when there is nothing to say.
    public private(set) var step = ""
    /// When it began, or was asked for while it has not, in nanoseconds of Unix time.
    public private(set) var startTime = WallClock.nanoseconds
    /// When it ended, in nanoseconds of Unix time; 0 before.
    public private(set) var endTime: UInt64 = 0
    /// The same by the loop's clock; nil before.
    private(set) var end: MonotonicInstant?
    /// When it is expected to end, in nanoseconds of Unix time; 0 when nobody can say.
    public private(set) var expectedEndTime: UInt64 = 0
    /// Why it failed or was cancelled; nil when it was not.
    public private(set) var failure: DriveError?
    /// What came of it, by name.
    public private(set) var result: [NamedValue] = []
    /// Whether it can be brought to its end now.
    public private(set) var isCancelable: Bool

    let jobs: Jobs
    let work: any JobWork
    let logger: Logger
    private var task: Task<Void, Never>?
    private var startTimer: Timer?
    private var reminder: Timer?
    /// Wakes it from a pause.
    private var alarm = Promise<Void>()
    /// Who wants it to end, and why, in words; nil when nobody does.
    private var interruption: DriveError?
    /// Until when it has to end that was to be ended; then it is given up.
    private var cancellationLimit: MonotonicInstant?
    /// How long it may go on without getting any further.
    private var standstillLimit: Duration = .zero
    /// How often the drive was away when it was wanted.
    var absences: UInt32 = 0
    /// By which endpoint it has made sure last that the drive is the one that is meant.
    var verifiedEndpoint: Endpoint?
    /// The endpoint that failed last; another one is preferred.
    weak var failedEndpoint: Endpoint?

    /// How long somebody who is told all percents waits at most for being told anything.
    private static let reminderPause: Duration = .seconds(60)
    /// How long a drive may take to end what it was told to end.
    static let cancellationTime: Duration = .seconds(120)
    /// Time from the answer to the one who starts a job to its beginning, for a look at it.
    static let startDelay: Duration = .milliseconds(200)

    init(
        _ number: UInt32,
        _ work: any JobWork,
        of target: JobTarget,
        by starter: JobStarter?,
        in jobs: Jobs
    ) {
        self.number = number
        self.work = work
        self.target = target
        self.starter = starter
        self.jobs = jobs
        driveName = target.drive
        kind = type(of: work).kind
        // Before it runs, nothing has to be undone.
        isCancelable = true
        var logger = jobs.fleet.logger
        logger[metadataKey: "job"] = "\(number)"
        logger[metadataKey: "operation"] = "\(kind.operation)"
        logger[metadataKey: "drive"] = "\(target.drive)"
        self.logger = logger
    }

    /// The operation's name.
    public var operation: String { kind.operation }
    /// The drive; nil while it is not there.
    public var drive: Drive? { target.find(in: jobs.fleet.roster.drives) }
    /// What the drive is called, or was called when it was there last.
    public private(set) var driveName: String
    /// On whose account its commands are.
    public var requester: Requester { starter?.requester ?? Requester("jobs") }

    /// What of the drive it is about, as far as that is there.
    public var objects: [any ModelObject] {
        guard let inventory = drive?.activeEndpoint?.inventory else { return [] }
        return work.subjects.compactMap { subject -> (any ModelObject)? in
            switch subject {
            case .controller(let number):
                inventory.controllers.first { $0.isShown && $0.identifier == number }
            case .namespace(let number):
                inventory.namespaces.first { $0.isShown && $0.identifier == number }
            }
        }
    }

    /// Takes note that the drive is there, perhaps with another name than before.
    func found(_ drive: Drive) {
        driveName = drive.name
        changed()
    }

    // MARK: What its work tells

    /// Says what it is doing now, in words.
    public func enter(_ step: String) {
        guard step != self.step else { return }
        self.step = step
        logger.debug("step", metadata: ["step": "\(step)"])
        changed()
    }

    /// Says how far it has come, from 0 to 1.
    public func advance(to fraction: Double) {
        guard progress.advance(to: fraction, at: EventLoop.main.now) else { return }
        noteExpectedEnd()
        changed()
    }

    /// Says how long the drive needs yet, as it says itself.
    public func expect(endIn duration: Duration) {
        progress.expect(end: EventLoop.main.now + duration)
        noteExpectedEnd()
        changed()
    }

    /// Says that nobody can tell how far it has come.
    public func loseProgress() {
        progress.lose()
        noteExpectedEnd()
        changed()
    }

    /// Says that it may go on for so long without getting any further, if that is longer than the settings say.
    public func allowStandstill(of duration: Duration) {
        standstillLimit = max(standstillLimit, duration)
    }

    /// Says whether it can be brought to its end from now on, for a kind that can be at all.
    public func allowCancelling(_ isAllowed: Bool) {
        if case .never = kind.cancellation { return }
        isCancelable = isAllowed && !state.isOver
        changed()
    }

    /// Says what has come of it, by name; a name that is there gets another value.
    public func note(_ name: String, _ value: FieldValue) {
        result.removeAll { $0.name == name }
        result.append((name, value))
        changed()
    }

    private func noteExpectedEnd() {
        guard let end = progress.expectedEnd else {
            expectedEndTime = 0
            return
        }
        let left = max(EventLoop.main.now.duration(to: end), .zero)
        expectedEndTime = WallClock.nanoseconds &+ UInt64(clamping: left.wholeNanoseconds)
    }

    func changed() { jobs.fleet.observer?.changed(self) }

    // MARK: Waiting and being interrupted

    /// Ends the work when somebody wants it to end, or it has come no further for too long.
    ///
    /// - Throws: `DriveError.interrupted`; `failed` when it does not get any further, or the drive does not end what
    ///   it was told to end.
    public func checkGoesOn() throws(DriveError) {
        let now = EventLoop.main.now
        let limit = max(standstillLimit, jobs.fleet.settings.jobs.standstill)
        guard progress.lastMove + limit > now else {
            throw .failed(
                "it has come no further than \(progress.percent) percent for \(limit.components.seconds) seconds, and is "
                    + "given up; the drive may go on with it"
            )
        }
        guard let interruption else { return }
        // The drive is asked to end it, and followed until it has.
        if state == .cancelling, case .commanded = kind.cancellation, !jobs.isEnding {
            guard let cancellationLimit, cancellationLimit <= now else { return }
            throw .failed(
                "the drive was told to end it, and goes on since \(Self.cancellationTime.components.seconds) seconds"
            )
        }
        throw interruption
    }

    /// Waits; not to its end when somebody wants the job to end.
    ///
    /// - Throws: `DriveError.interrupted`.
    public func pause(for duration: Duration) async throws(DriveError) {
        try checkGoesOn()
        if alarm.isResolved { alarm = Promise() }
        try? await alarm.value(until: EventLoop.main.now + duration)
        try checkGoesOn()
    }

    /// Brings it to its end for somebody.
    ///
    /// - Parameter canceller: Who that is, for the log.
    /// - Throws: `DriveError.notAllowed` when it cannot be now.
    public func cancel(by canceller: JobStarter) async throws(DriveError) {
        guard !state.isOver else {
            throw .notAllowed("job \(number) (\(operation)) has ended already: \(state.rawValue)")
        }
        guard state != .cancelling else { return }
        guard isCancelable else {
            throw .notAllowed(
                "job \(number) (\(operation)) cannot be cancelled now"
                    + (step.isEmpty ? "" : ", while it is at: \(step)")
            )
        }
        let wish = "cancelled by \(canceller.user) (\(canceller.caller))"
        logger.notice(
            "is to be cancelled",
            metadata: ["user": "\(canceller.user)", "caller": "\(canceller.caller)"]
        )
        guard state == .running else { return finish(.cancelled, .interrupted(wish)) }
        state = .cancelling
        isCancelable = false
        interruption = .interrupted(wish)
        changed()
        if case .commanded = kind.cancellation {
            do {
                try await work.cancel(self)
                cancellationLimit = EventLoop.main.now + Self.cancellationTime
            } catch {
                guard state == .cancelling else { return }
                state = .running
                isCancelable = true
                interruption = nil
                changed()
                throw error
            }
        }
        alarm.resolve()
    }

    // MARK: Life

    /// Whether another one is about the same drive, be that there or not.
    func isOfSameDrive(as other: Job) -> Bool {
        guard let identity = target.identity, let theirs = other.target.identity else {
            return target.drive == other.target.drive
        }
        return identity.isSameDrive(as: theirs) && identity.subsystemNQN == theirs.subsystemNQN
    }

    /// Has it begin when whoever started it has had time to look.
    func startLater() {
        startTimer = EventLoop.main.schedule(after: Self.startDelay) { [self] in
            startTimer = nil
            jobs.beginNext(after: self)
        }
    }

    /// Whether it may begin as far as the one who started it is concerned.
    var isDue: Bool { state == .waiting && startTimer == nil }

    /// Whether it is being done.
    var isUnderWay: Bool { state == .running || state == .cancelling }

    func begin() {
        state = .running
        startTime = WallClock.nanoseconds
        progress = JobProgress(start: EventLoop.main.now)
        if case .never = kind.cancellation { isCancelable = false }
        changed()
        remind()
        task = EventLoop.main.spawn { [self] in
            do throws(DriveError) {
                try await work.run(self)
                // One that was to be cancelled and was done all the same is done.
                finish(.done, nil)
            } catch {
                guard let interruption, error.isInterruption else { return finish(.failed, error) }
                finish(state == .cancelling && !jobs.isEnding ? .cancelled : .failed, interruption)
            }
        }
    }

    /// Ends it as the daemon ends.
    func end(reason: String) {
        guard !state.isOver else { return }
        let isLeft =
            if case .leftToDrive = kind.ending { state != .waiting } else { false }
        interruption = .interrupted(isLeft ? "\(reason); the drive goes on with it" : reason)
        guard let task else { return finish(.failed, interruption) }
        alarm.resolve()
        task.cancel()
    }

    /// Waits until nothing of it runs any more.
    func ended() async { await task?.value }

    private func finish(_ state: JobState, _ failure: DriveError?) {
        guard !self.state.isOver else { return }
        startTimer?.cancel()
        reminder?.cancel()
        self.state = state
        self.failure = failure
        endTime = WallClock.nanoseconds
        end = EventLoop.main.now
        isCancelable = false
        verifiedEndpoint = nil
        work.ended()
        if state == .done { _ = progress.advance(to: 1, at: EventLoop.main.now) }
        expectedEndTime = state == .done ? endTime : 0
        tellEnd()
        changed()
        jobs.ended(self)
    }

    /// Says that it may have changed, from time to time.
    private func remind() {
        reminder = EventLoop.main.schedule(after: Self.reminderPause) { [weak self] in
            guard let self, !state.isOver else { return }
            noteExpectedEnd()
            changed()
            remind()
        }
    }

    // MARK: Audit trail

    func tellStart() { tell("job started", .notice, []) }

    private func tellEnd() {
        var entries = [("outcome", state.rawValue)]
        if let failure { entries.append(("reason", failure.words)) }
        tell("job ended", state == .done ? .notice : .warning, entries)
    }

    private func tell(_ event: String, _ level: Logger.Level, _ entries: [(String, String)]) {
        var metadata: Logger.Metadata = [
            "user": "\(starter?.user ?? "nobody here")", "caller": "\(starter?.caller ?? "")",
            "model": "\(target.identity?.model ?? "")",
            "serial-number": "\(target.identity?.serialNumber ?? "")", "place": "\(target.place)",
        ]
        metadata.merge(starter?.labels ?? [:]) { _, new in new }
        for (name, value) in work.details + entries { metadata[name] = "\(value)" }
        logger.log(level: level, "\(event)", metadata: metadata)
    }
}
