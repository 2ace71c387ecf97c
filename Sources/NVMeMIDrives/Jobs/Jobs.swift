public import EventLoop
import Logging

/// The jobs of all drives: those that go on, and those that ended lately.
@LoopActor
public final class Jobs {
    /// Jobs that have not ended, at most; as many for each user other than root as a half of it.
    static let limit = 1024
    /// Jobs of one drive that have not ended, at most.
    static let limitPerDrive = 8

    /// The kinds of jobs that are found when they were begun elsewhere.
    static let recognised: [JobKind] = [SanitizeWork.kind, FormatWork.kind, SelfTestWork.kind]

    unowned let fleet: Fleet
    /// In the order of their numbers.
    public private(set) var all: [Job] = []
    /// Whether the daemon ends.
    private(set) var isEnding = false
    private var lastNumber: UInt32 = 0
    private var expiry: Timer?
    /// By drive; what is being found out about jobs that were begun elsewhere.
    private var recognitions: [String: Task<Void, Never>] = [:]
    /// What is recognised; tests have kinds of their own.
    var kinds = Jobs.recognised

    init(of fleet: Fleet) {
        self.fleet = fleet
    }

    private var settings: JobSettings { fleet.settings.jobs }

    /// The jobs of a drive, in the order of their numbers.
    public func jobs(of drive: Drive) -> [Job] {
        all.filter { $0.target.canBe(drive) && $0.drive === drive }
    }

    /// A drive is there, or has another name.
    func found(_ drive: Drive) {
        for job in jobs(of: drive) { job.found(drive) }
    }

    /// The job that changes a drive, or that will next; nil when there is none.
    public func changing(_ drive: Drive) -> Job? {
        let live = jobs(of: drive).filter { $0.kind.isAlone && !$0.state.isOver }
        return live.first { $0.state != .waiting } ?? live.first
    }

    /// Refuses what must not be done to a drive while a job changes it.
    ///
    /// - Parameters:
    ///   - drive: The drive.
    ///   - action: What is to be done, for the text of the error.
    ///   - isForced: Whether the caller wants it done all the same; nil when it has no option to say so.
    /// - Throws: `DriveError.notAllowed` that names the job.
    public func check(
        _ drive: Drive,
        before action: String,
        isForced: Bool? = nil
    ) throws(DriveError) {
        guard isForced != true, let job = changing(drive) else { return }
        throw .notAllowed(
            "\(action): job \(job.number) (\(job.operation)) is \(job.state.rawValue) on drive "
                + "\(drive.name); one job changes a drive at a time"
                + (isForced == nil ? "" : "; option 'force' has it done all the same")
        )
    }

    // MARK: Starting

    /// Starts a job for somebody; it begins a moment later, or when another one has ended.
    ///
    /// - Parameters:
    ///   - work: What it does.
    ///   - drive: To which drive.
    ///   - starter: For whom.
    /// - Returns: The job.
    /// - Throws: `DriveError`: `notAllowed` when another one excludes it, `tooMany`.
    public func start(
        _ work: some JobWork,
        on drive: Drive,
        by starter: JobStarter
    ) throws(DriveError) -> Job {
        let kind = type(of: work).kind
        guard !isEnding else { throw .interrupted("the daemon is ending; no job is started") }
        if case .alone(whenBusy: .refused) = kind.exclusion {
            try check(drive, before: kind.operation)
        }
        try checkRoom(drive, starter)
        let job = add(work, on: drive, by: starter)
        job.tellStart()
        job.startLater()
        return job
    }

    /// Has a job stand for something that a drive does already.
    @discardableResult
    func adopt(_ work: any JobWork, on drive: Drive) -> Job {
        let job = add(work, on: drive, by: nil)
        job.tellStart()
        job.begin()
        return job
    }

    private func add(_ work: any JobWork, on drive: Drive, by starter: JobStarter?) -> Job {
        lastNumber &+= 1
        let job = Job(
            lastNumber,
            work,
            of: JobTarget(drive),
            by: starter,
            in: self
        )
        all.append(job)
        fleet.observer?.appeared(job)
        listChanged(of: job)
        return job
    }

    private func checkRoom(_ drive: Drive, _ starter: JobStarter) throws(DriveError) {
        let live = all.filter { !$0.state.isOver }
        guard live.count < Self.limit else {
            throw .tooMany("\(Self.limit) jobs are under way already; try again later")
        }
        let limit = Self.limit / 2
        guard
            starter.userID == 0
                || live.count(where: { $0.starter?.userID == starter.userID }) < limit
        else {
            throw .tooMany(
                "\(limit) jobs of \(starter.user) are under way already; try again later"
            )
        }
        guard jobs(of: drive).count(where: { !$0.state.isOver }) < Self.limitPerDrive else {
            throw .tooMany(
                "\(Self.limitPerDrive) jobs of drive \(drive.name) are under way already; try again later"
            )
        }
    }

    /// Begins what may begin on a job's drive.
    func beginNext(after job: Job) {
        guard !isEnding else { return }
        let live = all.filter { !$0.state.isOver && $0.isOfSameDrive(as: job) }
        for job in live where job.isDue {
            let isBusy = live.contains { $0.kind.isAlone && $0.isUnderWay }
            if !isBusy || !job.kind.isAlone { job.begin() }
        }
    }

    // MARK: Begun elsewhere

    /// Finds out whether the drive behind an endpoint is at something that no job stands for.
    func recognise(by endpoint: Endpoint) {
        guard !isEnding, let drive = endpoint.drive, drive.activeEndpoint === endpoint,
            let controller = drive.leadingController, recognitions[drive.name] == nil
        else { return }
        let kinds = kinds.filter { $0.recognise != nil }
        guard !kinds.isEmpty else { return }
        let name = drive.name
        recognitions[name] = EventLoop.main.spawn { [self] in
            for kind in kinds where isFree(kind, drive) {
                let work = try? await kind.recognise?(controller, Requester("jobs"))
                // It may have been started here meanwhile, and the drive may have gone.
                guard let work, !Task.isCancelled, endpoint.drive === drive, isFree(kind, drive)
                else { continue }
                adopt(work, on: drive)
            }
            recognitions[name] = nil
        }
    }

    /// Whether no job of a kind is running on a drive, nor one that excludes it.
    private func isFree(_ kind: JobKind, _ drive: Drive) -> Bool {
        !jobs(of: drive).contains { job in
            job.isUnderWay
                && (job.kind.operation == kind.operation || job.kind.isAlone && kind.isAlone)
        }
    }

    // MARK: Ending

    func ended(_ job: Job) {
        listChanged(of: job)
        forgetOld()
        beginNext(after: job)
    }

    /// Takes over changed settings.
    func settingsChanged() { forgetOld() }

    /// Ends all jobs, and waits until nothing of them runs any more.
    public func end(reason: String) async {
        isEnding = true
        expiry?.cancel()
        for task in recognitions.values { task.cancel() }
        for job in all { job.end(reason: reason) }
        for job in all { await job.ended() }
        for task in Array(recognitions.values) { await task.value }
        for job in all { fleet.observer?.vanished(job) }
        all = []
    }

    /// Forgets jobs that ended long ago, and the oldest of too many.
    private func forgetOld() {
        expiry?.cancel()
        expiry = nil
        guard !isEnding else { return }
        let now = EventLoop.main.now
        let finished = all.compactMap { job in job.end.map { (job: job, end: $0) } }
            .sorted { $0.end < $1.end }
        let surplus = max(0, finished.count - settings.finishedLimit)
        for (index, (job, end)) in finished.enumerated() {
            guard index < surplus || end + settings.finishedTime <= now else {
                expiry = EventLoop.main.schedule(at: end + settings.finishedTime) { [weak self] in
                    self?.forgetOld()
                }
                return
            }
            all.removeAll { $0 === job }
            fleet.observer?.vanished(job)
            listChanged(of: job)
        }
    }

    private func listChanged(of job: Job) {
        fleet.observer?.changed(fleet)
        if let drive = job.drive { fleet.observer?.changed(drive) }
    }
}

extension Drive {
    /// What is done to it, and takes longer than a call, in the order in which it was started.
    public var jobs: [Job] { endpoints.first.map { $0.fleet.jobs.jobs(of: self) } ?? [] }
}
