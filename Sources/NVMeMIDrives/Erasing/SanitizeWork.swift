import EventLoop
public import NVMeMI
import NVMeMIClient

/// Erasing all user data of a drive, which goes on in the drive behind the answer to Sanitize.
public final class SanitizeWork: JobWork {
    /// The drive goes on with it whatever becomes of the daemon, and nothing ends it before the time.
    public nonisolated static let kind = JobKind(
        "Sanitize",
        exclusion: .alone(whenBusy: .refused),
        cancellation: .never,
        ending: .leftToDrive,
        recognise: SanitizeWork.inProgress
    )

    /// Time from the first look at how far it has come to the next, and the longest; between, every other takes half as
    /// long again.
    private static let pauses: ClosedRange<Duration> = .milliseconds(200)...(.seconds(15))
    /// How long the log of a drive that has taken the command may yet be that of the operation before.
    private static let beginningTime: Duration = .seconds(3)

    private let controller: UInt16
    /// What is sent; nil when it was sent by somebody else.
    private let command: Sanitize?
    private var action: SanitizeAction
    /// Dword 10 of the command whose operation is followed; nil when what is sent begins none.
    private let commandDword10: UInt32?
    private var evidence: ErasingEvidence?

    /// Sanitizes by a command.
    public init(_ command: Sanitize) {
        self.command = command
        controller = command.controller
        action = command.action
        commandDword10 = command.action.beginsOperation ? command.dword10 : nil
    }

    /// Follows what somebody else began.
    private init(following log: SanitizeStatusLog, on controller: UInt16) {
        command = nil
        self.controller = controller
        action = log.action
        commandDword10 = log.commandDword10
    }

    /// The action, and how it is carried out.
    public var details: [(name: String, value: String)] {
        [("action", "\(action)"), ("controller", "\(controller)")]
            + (command?.parameters ?? []).map { ($0.name, $0.value.words) }
    }

    /// The controller that is asked; all namespaces are concerned.
    public var subjects: [JobSubject] { [.controller(controller)] }

    /// Does it, or leaves its failure.
    public func run(_ job: Job) async throws(DriveError) {
        var before: SanitizeStatusLog?
        evidence = ErasingEvidence(job, method: "Sanitize", action: "\(action)")
        job.note("Parameters", .dictionary(command?.parameters ?? []))
        if let command {
            job.enter("asking the drive what it does")
            let log = try await status(job)
            guard log.outcome != .inProgress else {
                throw .notAllowed(
                    "a sanitize operation (\(log.action)) that somebody else began is in progress"
                )
            }
            try await begin(command, after: log, job)
            before = log
            guard action.beginsOperation else {
                return finish(job, try await status(job))
            }
        }
        try await follow(job, since: before)
    }

    // MARK: Beginning

    private func begin(
        _ command: Sanitize,
        after before: SanitizeStatusLog,
        _ job: Job
    ) async throws(DriveError) {
        job.enter("\(command.action) is sent to the drive")
        do {
            try await job.attempt(on: controller, isRepeatable: false) {
                (controller) async throws(DriveError) in
                try await controller.endpoint.perform(
                    command,
                    for: job.requester,
                    isWriting: true
                )
            }
        } catch {
            // Whether it was carried out, the drive tells.
            guard error.leavesDoubt, command.action.beginsOperation else { throw error }
            job.enter("the answer was lost; asking the drive whether it began")
            let after = try await status(job)
            guard after.tellsOfAnother(than: before), after.commandDword10 == command.dword10 else {
                throw error
            }
        }
    }

    // MARK: Following

    /// Follows the operation to its end; `before` is the log before the command, nil when it was found in progress.
    private func follow(_ job: Job, since before: SanitizeStatusLog?) async throws(DriveError) {
        job.enter("the drive sanitizes: \(action)")
        let limit = EventLoop.main.now + Self.beginningTime
        var pause = Self.pauses.lowerBound
        while true {
            let log = try await status(job)
            // There are drives that take a moment to write down that they have begun.
            if let before, !log.tellsOfAnother(than: before), EventLoop.main.now < limit {
                try await job.pause(for: pause)
                continue
            }
            try checkIsOwn(log)
            guard log.outcome == .inProgress, !log.isInMediaVerification else {
                return try conclude(job, log)
            }
            // Between the command and its beginning there is no number yet.
            let fraction = log.progress == .max ? 0 : log.fractionDone
            if let seconds = log.estimate {
                job.expect(endIn: .seconds(Int64(Double(seconds) * (1 - fraction)) + 1))
                job.allowStandstill(of: .seconds(Int64(seconds)))
            }
            job.advance(to: fraction)
            try await job.pause(for: pause)
            pause = min(pause * 3 / 2, Self.pauses.upperBound)
        }
    }

    /// Refuses what the log tells of an operation that is not the one that is followed: somebody began it when that
    /// had ended, and how is not told any more.
    private func checkIsOwn(_ log: SanitizeStatusLog) throws(DriveError) {
        // 0 is no command that begins an operation, but what a drive says that does not keep it.
        guard let commandDword10, log.commandDword10 != 0, log.commandDword10 != commandDword10
        else { return }
        throw .failed(
            "the drive tells of another sanitize operation (\(log.action)) than was begun here, and nothing of how "
                + "this one ended"
        )
    }

    private func conclude(_ job: Job, _ log: SanitizeStatusLog) throws(DriveError) {
        finish(job, log)
        switch log.outcome {
        case .completed, .completedWithoutDeallocate, .inProgress: return
        case .failed:
            throw .failed(
                "the drive tells that the sanitize operation failed"
                    + (log.isUnrestricted
                        ? "; ExitFailureMode leaves the failure, another operation may succeed"
                        : "; only an operation that succeeds leaves the failure")
            )
        default:
            throw .failed(
                "the drive tells '\(log.outcome)' of the sanitize operation, as if there had been none"
            )
        }
    }

    /// Takes down what the drive tells in the end.
    private func finish(_ job: Job, _ log: SanitizeStatusLog) {
        evidence?.end(job)
        job.note("Status", .text("\(log.outcome)"))
        job.note("SanitizeStatus", .unsigned16(log.statusWord))
        job.note("CommandDword10", .unsigned32(log.commandDword10))
        job.note("GlobalDataErased", .boolean(log.isGlobalDataErased))
        if action == .overwrite { job.note("OverwritePasses", .unsigned8(log.overwritePasses)) }
        if log.isInMediaVerification { job.enter("the media can be verified") }
        job.drive?.activeEndpoint?.contentsMayHaveChanged()
    }

    private func status(_ job: Job) async throws(DriveError) -> SanitizeStatusLog {
        try await job.attempt(on: controller) { (controller) async throws(DriveError) in
            try await controller.sanitizeStatus(for: job.requester)
        }
    }

    // MARK: Begun elsewhere

    private static func inProgress(
        _ controller: Controller,
        _ requester: Requester
    ) async throws(DriveError) -> (any JobWork)? {
        try controller.check(LogPageIdentifier.sanitizeStatus)
        guard controller.identity?.erasing.canSanitize ?? false else { return nil }
        let log = try await controller.sanitizeStatus(for: requester)
        guard log.outcome == .inProgress, !log.isInMediaVerification else { return nil }
        return SanitizeWork(following: log, on: controller.identifier)
    }
}

extension Controller {
    /// How far sanitizing is, or how it went.
    ///
    /// - Throws: `DriveError`.
    func sanitizeStatus(
        for requester: Requester
    ) async throws(DriveError) -> SanitizeStatusLog {
        try await perform(
            GetLogPage.sanitizeStatus(on: identifier).retainingEvents(with: logPageAbilities),
            for: requester
        )
    }
}

extension Sanitize {
    /// What the command says beside its action, by name.
    fileprivate var parameters: [NamedValue] {
        var values: [NamedValue] = []
        if action == .overwrite {
            values += [
                ("Passes", .unsigned8(overwritePasses == 0 ? 16 : overwritePasses)),
                ("Pattern", .unsigned32(overwritePattern)),
                ("InvertPattern", .boolean(invertsPattern)),
            ]
        }
        guard action.beginsOperation else { return values }
        return values + [
            ("UnrestrictedExit", .boolean(allowsUnrestrictedExit)),
            ("NoDeallocate", .boolean(noDeallocate)),
            ("MediaVerification", .boolean(entersMediaVerification)),
        ]
    }
}

extension SanitizeStatusLog {
    /// Whether it tells of an operation that began after another log was read.
    ///
    /// What else may differ says nothing: data that is written ends that all is erased, and estimates change.
    fileprivate func tellsOfAnother(than before: SanitizeStatusLog) -> Bool {
        outcome == .inProgress || outcome != before.outcome
            || commandDword10 != before.commandDword10
            || isGlobalDataErased && !before.isGlobalDataErased
    }

    /// Whether the failure of the last operation can be left without another (AUSE).
    fileprivate var isUnrestricted: Bool { commandDword10 & 0x08 != 0 }

    /// SSTAT as the drive tells it.
    fileprivate var statusWord: UInt16 {
        UInt16(outcome.rawValue) | UInt16(overwritePasses) << 3
            | (isGlobalDataErased ? 0x100 : 0) | (isMediaVerificationCancelled ? 0x200 : 0)
    }
}
