import EventLoop
import Logging
import NVMeMIDrives

/// Which drives there are and were: those that were there, in this run of the bridge or the last one, and are not,
/// are missing until they come back, another drive takes their place, or somebody says that they are not to come.
///
/// What was there before the start is judged when mctpd has had time to find everything, and nothing is judged while
/// the host is known to be off.
@LoopActor
final class KnownDrives: FleetObserver {
    typealias Entry = KnownDriveList.Entry

    private let memory: BridgeMemory
    private unowned let fleet: Fleet
    private let logger: Logger
    private let isDirectoryPresent: @LoopActor () -> Bool
    private let tell: @LoopActor (DriveEvent) -> Void
    /// Called when ``missing`` is another.
    var onMissingChange: (@LoopActor () -> Void)?
    /// Those that are missing, the oldest loss first.
    private(set) var missing: [Entry] = [] {
        didSet { if missing != oldValue { missingChanged() } }
    }
    /// Those that are there and have told who they are.
    private var present: [ObjectIdentifier: Entry] = [:]
    /// Of those that were there before the start, which have not been judged.
    private var remembered: [Entry]
    /// Those that have gone a moment ago, and may come again by another name or address.
    private var gone: [(entry: Entry, at: MonotonicInstant)] = []
    private var kept: String
    private var judging: Timer?
    private var judgingGone: Timer?
    private var wanted = Promise<Void>()
    private var isOver = false
    private var isFailureTold = false

    /// How long is waited before it is judged.
    private var grace = Duration.zero
    /// Until when it is put off while drives come, or do not tell who they are.
    private var latest = MonotonicInstant.distantFuture
    private static let patience = 10

    /// How long drives may come and go before that is written down.
    private static let pause: Duration = .seconds(5)

    init(
        _ memory: BridgeMemory,
        of fleet: Fleet,
        logger: Logger,
        isDirectoryPresent: @escaping @LoopActor () -> Bool,
        tell: @escaping @LoopActor (DriveEvent) -> Void
    ) {
        self.memory = memory
        self.fleet = fleet
        self.logger = logger
        self.isDirectoryPresent = isDirectoryPresent
        self.tell = tell
        let entries = KnownDriveList(text: memory.text).entries
        remembered = entries.filter { $0.missingSince == nil }
        missing = entries.filter { $0.missingSince != nil }
        kept = memory.text
    }

    /// The drives that there are at the start have been found, or will be after some time.
    func startEnded(_ grace: Duration) {
        self.grace = max(grace, .seconds(1))
        guard !remembered.isEmpty else { return }
        latest = EventLoop.main.now + self.grace * Self.patience
        judgeLater()
    }

    private func judgeLater() {
        judging?.cancel()
        judging = EventLoop.main.schedule(afterSilence: grace) { [weak self] in self?.judge() }
    }

    /// Writes nothing down any more: what goes now goes with the bridge.
    func end() {
        isOver = true
        judging?.cancel()
        judgingGone?.cancel()
    }

    // MARK: What the model tells

    func appeared(_ object: any ModelObject) {
        guard let drive = object as? Drive else { return }
        changedSomething()
        note(drive)
        // As long as drives are being found, more may come.
        if judging != nil, EventLoop.main.now < latest { judgeLater() }
    }

    func changed(_ object: any ModelObject) {
        guard let drive = object as? Drive else { return }
        changedSomething()
        if present[ObjectIdentifier(drive)] == nil { note(drive) }
    }

    func vanished(_ object: any ModelObject) {
        guard let drive = object as? Drive else { return }
        changedSomething()
        guard var entry = present.removeValue(forKey: ObjectIdentifier(drive)), !isOver else {
            return
        }
        entry.missingSince = WallClock.nanoseconds / 1_000_000
        gone.append((entry, EventLoop.main.now))
        if gone.count > KnownDriveList.limit { gone.removeFirst() }
        judgeGoneLater()
    }

    /// Takes note of who a drive is, as soon as it has told.
    private func note(_ drive: Drive) {
        guard let entry = Entry(drive) else { return }
        present[ObjectIdentifier(drive)] = entry
        gone.removeAll { $0.entry.isSameDrive(as: entry) }
        missing.removeAll { $0.isSameDrive(as: entry) || $0.place == entry.place }
    }

    private func changedSomething() {
        if memory.keep != nil, !isOver { wanted.resolve(()) }
    }

    private func missingChanged() {
        changedSomething()
        onMissingChange?()
    }

    // MARK: Those that are missing

    private func judge() {
        judging = nil
        let present = fleet.drives.compactMap(\.identity)
        // Those that have yet to say who they are may be any, but not for ever.
        let isClear = present.count == fleet.drives.count || EventLoop.main.now >= latest
        // While nobody finds drives, or they sleep, none is missing.
        guard isDirectoryPresent(), !fleet.isHostAsleep, isClear else { return judgeLater() }
        let lost = remembered.filter { entry in !present.contains(where: entry.isOf) }
        remembered = []
        for var entry in lost {
            logger.warning("missing since the last run", metadata: entry.labels)
            tell(.missing(at: entry.place))
            entry.missingSince = WallClock.nanoseconds / 1_000_000
            add(entry)
        }
        changedSomething()
    }

    private func judgeGoneLater() {
        guard judgingGone == nil else { return }
        judgingGone = EventLoop.main.schedule(afterSilence: max(grace, .seconds(1))) {
            [weak self] in
            self?.judgeGone()
        }
    }

    /// Those that have gone and did not come back are missing; that they have gone is told already.
    private func judgeGone() {
        judgingGone = nil
        guard !gone.isEmpty else { return }
        // While nobody finds drives, or they sleep, none is missing.
        guard isDirectoryPresent(), !fleet.isHostAsleep else { return judgeGoneLater() }
        // Others have gone since the timer was set; the clock on the wall may have been set meanwhile.
        let limit = EventLoop.main.now - grace / 2
        let due = gone.filter { $0.at <= limit }
        gone.removeAll { $0.at <= limit }
        for (entry, _) in due {
            logger.warning("missing", metadata: entry.labels)
            add(entry)
        }
        if !gone.isEmpty { judgeGoneLater() }
    }

    private func add(_ entry: Entry) {
        // The place is another's now, or its own drive is there by another name.
        let isTaken = present.values.contains {
            $0.isSameDrive(as: entry) || $0.place == entry.place
        }
        guard !isTaken else { return }
        missing = Array(
            (missing.filter { !$0.isSameDrive(as: entry) } + [entry]).suffix(KnownDriveList.limit)
        )
    }

    /// Forgets those that are missing and have a serial number; returns how many these were.
    func forget(_ serialNumber: String) -> Int {
        let forgotten = missing.filter { $0.serialNumber == serialNumber }
        missing.removeAll { $0.serialNumber == serialNumber }
        return forgotten.count
    }

    // MARK: Keeping

    /// Writes down which drives there are whenever they are others, until cancelled.
    func run() async {
        guard let keep = memory.keep else { return }
        while !Task.isCancelled {
            do {
                try await wanted.value
                try await sleep(for: Self.pause)
                wanted = Promise()
                guard !isOver else { return }
                let text = list.text
                guard text != kept else { continue }
                try await keep(text)
                kept = text
                isFailureTold = false
            } catch is CancellationError {
                return
            } catch {
                if !isFailureTold {
                    logger.warning("drives not written down", metadata: ["error": "\(error)"])
                }
                isFailureTold = true
                // Tried again with the next change, and now and then.
                wanted.resolve(())
                guard (try? await sleep(for: .seconds(60))) != nil else { return }
            }
        }
    }

    private var list: KnownDriveList {
        let drives = fleet.drives
        let entries = drives.map { Entry($0) }
        // Where it is may have been told since it came.
        for case (let drive, let entry?) in zip(drives, entries) {
            present[ObjectIdentifier(drive)] = entry
        }
        let there = entries.compactMap { $0 }
        let others = (remembered + gone.map(\.entry.unjudged) + missing).filter { entry in
            !there.contains { $0.isSameDrive(as: entry) }
        }
        return KnownDriveList(there + others)
    }
}

extension KnownDriveList.Entry {
    /// A drive as it is now; nil while it has not told who it is.
    @LoopActor
    init?(_ drive: Drive) {
        guard let identity = drive.identity, !identity.serialNumber.isEmpty else { return nil }
        self.init(
            vendorID: identity.vendorID,
            model: identity.model,
            serialNumber: identity.serialNumber,
            subsystemNQN: identity.subsystemNQN,
            place: drive.place
        )
    }

    /// As one that was there.
    fileprivate var unjudged: Self {
        var entry = self
        entry.missingSince = nil
        return entry
    }

    fileprivate var labels: Logger.Metadata {
        ["place": "\(place)", "model": "\(model)", "serial-number": "\(serialNumber)"]
    }
}
