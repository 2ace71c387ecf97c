import EventLoop
import Logging
import NVMeMIDrives

/// Which drives there were when the bridge ran last: those that are not there any more are missing, which is told
/// once.
///
/// What was there is judged when mctpd has had time to find everything, and while the host is not known to be off.
@LoopActor
final class KnownDrives: FleetObserver {
    private let memory: BridgeMemory
    private unowned let fleet: Fleet
    private let logger: Logger
    private let isDirectoryPresent: @LoopActor () -> Bool
    private let tell: @LoopActor (DriveEvent) -> Void
    /// Of those that were there before, which have not been judged.
    private var remembered: [KnownDriveList.Entry]
    private var kept: String
    private var judging: Timer?
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
        remembered = KnownDriveList(text: memory.text).entries
        kept = memory.text
    }

    /// The drives that there are at the start have been found, or will be after some time.
    func startEnded(_ grace: Duration) {
        guard memory.keep != nil, !remembered.isEmpty else { return }
        self.grace = max(grace, .seconds(1))
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
    }

    // MARK: What the model tells

    func appeared(_ object: any ModelObject) {
        guard object is Drive else { return }
        changedSomething()
        // As long as drives are being found, more may come.
        if judging != nil, EventLoop.main.now < latest { judgeLater() }
    }

    func changed(_ object: any ModelObject) { if object is Drive { changedSomething() } }
    func vanished(_ object: any ModelObject) { if object is Drive { changedSomething() } }

    private func changedSomething() {
        if memory.keep != nil, !isOver { wanted.resolve(()) }
    }

    // MARK: Those that are missing

    private func judge() {
        judging = nil
        let present = fleet.drives.compactMap(\.identity)
        // Those that have yet to say who they are may be any, but not for ever.
        let isClear = present.count == fleet.drives.count || EventLoop.main.now >= latest
        // While nobody finds drives, or they sleep, none is missing.
        guard isDirectoryPresent(), !fleet.isHostAsleep, isClear else { return judgeLater() }
        let missing = remembered.filter { entry in !present.contains(where: entry.isOf) }
        remembered = []
        for entry in missing {
            logger.warning(
                "missing since the last run",
                metadata: [
                    "place": "\(entry.place)", "model": "\(entry.model)",
                    "serial-number": "\(entry.serialNumber)",
                ]
            )
            tell(.missing(at: entry.place))
        }
        changedSomething()
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
        let present = fleet.drives.compactMap { drive -> KnownDriveList.Entry? in
            guard let identity = drive.identity, !identity.serialNumber.isEmpty else { return nil }
            return KnownDriveList.Entry(
                vendorID: identity.vendorID,
                model: identity.model,
                serialNumber: identity.serialNumber,
                subsystemNQN: identity.subsystemNQN,
                place: drive.place
            )
        }
        let others = remembered.filter { entry in
            !present.contains {
                $0.serialNumber == entry.serialNumber && $0.model == entry.model
                    && $0.vendorID == entry.vendorID && $0.subsystemNQN == entry.subsystemNQN
            }
        }
        return KnownDriveList(present + others)
    }
}
