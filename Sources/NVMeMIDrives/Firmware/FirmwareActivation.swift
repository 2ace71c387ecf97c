import EventLoop
import NVMeMI
import NVMeMIClient

/// The steps of an update from the commit on: the reset that is wanted, and a look at what runs then.
@LoopActor
struct FirmwareActivation {
    private let order: FirmwareOrder
    private let outcome: FirmwareCommitOutcome
    private let before: FirmwareSituation

    /// Time that a drive is given to begin with its reset before it is asked for anything.
    private static let pauseAfterReset: Duration = .seconds(1)

    init(
        _ order: FirmwareOrder,
        _ outcome: FirmwareCommitOutcome,
        since before: FirmwareSituation
    ) {
        self.order = order
        self.outcome = outcome
        self.before = before
    }

    func run(_ job: Job) async throws(DriveError) {
        job.advance(to: 0.95)
        job.note("ResetNeeded", .text(outcome.reset.rawValue))
        job.note("OverlappingUpdate", .boolean(outcome.result & 3 != 0))
        job.enter("looking at the slots")
        let committed = try await situation(job)
        let slot = committed.slotWritten(since: before, order)
        if let slot {
            job.note("Slot", .unsigned8(slot))
            job.note("SlotRevision", .text(committed.revision(inSlot: slot)))
        }
        let isActiveAtOnce = order.action == .activateNow && outcome.reset == .none
        let isReset = order.reset != .none && outcome.reset != .none
        guard isActiveAtOnce || isReset else {
            job.note("Activated", .boolean(false))
            job.note("NewRevision", .text(committed.running))
            return
        }
        if isReset { try await reset(job) }
        try await verify(job, slot, committed)
    }

    private func reset(_ job: Job) async throws(DriveError) {
        job.enter("resetting the drive")
        try await job.attempt(on: order.controller, isRepeatable: false) {
            controller throws(DriveError) in
            try await controller.endpoint.resetSubsystem(for: job.requester)
        }
        try await job.pause(for: Self.pauseAfterReset)
    }

    /// Makes sure that what runs is what was committed.
    private func verify(
        _ job: Job,
        _ slot: UInt8?,
        _ committed: FirmwareSituation
    ) async throws(DriveError) {
        job.enter("looking at what runs")
        let now = try await situation(job)
        job.note("NewRevision", .text(now.running))
        let isRightSlot = slot == nil || slot == now.activeSlot
        let wanted = order.revision ?? slot.map { committed.revision(inSlot: $0) } ?? ""
        let isRight =
            isRightSlot && now.running == now.revision(inSlot: now.activeSlot)
            && (wanted.isEmpty || now.running == wanted)
        job.note("Activated", .boolean(isRight))
        guard isRight else {
            let place = slot.map { " to slot \($0)" } ?? ""
            let running = "'\(now.running)' from slot \(now.activeSlot)"
            throw .failed(
                isRightSlot && now.running == now.revision(inSlot: now.activeSlot)
                    ? "the image was committed\(place) and runs, and is another than was wanted: \(running), not "
                        + "'\(wanted)'"
                    : "the image was committed\(place) and is not what runs: that is \(running)"
                        + (wanted.isEmpty ? "" : ", not '\(wanted)'")
            )
        }
    }

    private func situation(_ job: Job) async throws(DriveError) -> FirmwareSituation {
        try await job.attempt(on: order.controller) { controller throws(DriveError) in
            try await controller.firmwareSituation(for: job.requester)
        }
    }
}
