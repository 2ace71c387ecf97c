import EventLoop
import NVMeMI
import NVMeMIClient

/// The step of an update that puts the image into a slot.
@LoopActor
struct FirmwareCommitting {
    private let order: FirmwareOrder
    private let before: FirmwareSituation

    /// What a commit takes that says nothing of its time.
    private static let usualTime: Duration = .seconds(30)

    init(_ order: FirmwareOrder, since before: FirmwareSituation) {
        self.order = order
        self.before = before
    }

    /// Commits the image that the drive has.
    func run(_ job: Job) async throws(DriveError) -> FirmwareCommitOutcome {
        // What is half committed helps nobody.
        job.allowCancelling(false)
        try job.checkGoesOn()
        job.enter("committing the image")
        var action = order.action
        var isRepetition = false
        while true {
            do {
                return try await commit(action, job)
            } catch {
                if error.nvmeStatus == .firmwareNeedsMaximumTimeViolation, action == .activateNow {
                    // Nothing was activated; a reset may take longer than that.
                    job.note(
                        "CommitStatus",
                        .text("\(NVMeStatus.firmwareNeedsMaximumTimeViolation)")
                    )
                    action = .replaceAndActivateAtReset
                    continue
                }
                if isRepetition, error.nvmeStatus == .invalidFirmwareImage {
                    throw .failed(
                        "the answer to Firmware Commit was lost, and nothing tells whether the image was "
                            + "committed: \(error.words)"
                    )
                }
                guard error.leavesDoubt else { throw error }
                if let outcome = try await findOut(job) { return outcome }
                guard !isRepetition else { throw error }
                isRepetition = true
            }
        }
    }

    private func commit(
        _ action: FirmwareCommitAction,
        _ job: Job
    ) async throws(DriveError) -> FirmwareCommitOutcome {
        let command = FirmwareCommit(action, slot: order.slot, on: order.controller)
        let outcome = try await job.attempt(on: order.controller, isRepeatable: false) {
            controller throws(DriveError) in
            let needed = controller.identity?.abilities.firmwareActivationTime ?? .zero
            return try await controller.commitFirmware(
                command,
                for: job.requester,
                timeLimit: order.commitTimeLimit ?? Self.usualTime + needed
            )
        }
        // By its definition this action is completed by a reset of the controller.
        guard action == .replaceAndActivateAtReset, outcome.reset == .none else { return outcome }
        return FirmwareCommitOutcome(reset: .controller, result: outcome.result)
    }

    /// Finds out what came of a commit whose answer was lost; nil when nothing can be seen of it.
    private func findOut(_ job: Job) async throws(DriveError) -> FirmwareCommitOutcome? {
        job.enter("finding out whether the image was committed")
        let now = try await job.attempt(on: order.controller) { controller throws(DriveError) in
            try await controller.firmwareSituation(for: job.requester)
        }
        if now.running != before.running || now.activeSlot != before.activeSlot {
            return FirmwareCommitOutcome(reset: .none, result: 0)
        }
        if now.nextSlot != 0, now.nextSlot != before.nextSlot || now.revisions != before.revisions {
            // Which reset it said is lost; that of the subsystem is enough in any case.
            return FirmwareCommitOutcome(reset: .subsystem, result: 0)
        }
        if order.action == .replace, now.revisions != before.revisions {
            return FirmwareCommitOutcome(reset: .none, result: 0)
        }
        return nil
    }
}
