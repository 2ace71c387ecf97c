import EventLoop
import NVMeMI
import NVMeMIClient

/// Erasing all user data of a drive or a namespace, which goes on in the drive behind the answer to Sanitize.
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

    /// How many namespaces of a drive are looked at for an operation that was begun elsewhere.
    private static let namespaceLimit = 32

    private let controller: UInt16
    /// The namespace that is concerned; nil for all of the drive.
    private let namespace: UInt32?
    /// What is sent; nil when it was sent by somebody else.
    private let order: SanitizeOrder?
    private var action: SanitizeAction
    /// Dword 10 of the command whose operation is followed; nil when what is sent begins none.
    private let commandDword10: UInt32?
    private var evidence: ErasingEvidence?

    /// Sanitizes by a command.
    public init(_ order: SanitizeOrder) {
        self.order = order
        controller = order.controller
        namespace = order.namespace
        action = order.action
        commandDword10 = order.action.beginsOperation ? order.dword10 : nil
    }

    /// Follows what somebody else began.
    private init(following log: SanitizeStatusLog, of namespace: UInt32?, on controller: UInt16) {
        order = nil
        self.namespace = namespace
        self.controller = controller
        action = log.action
        commandDword10 = log.commandDword10
    }

    /// The action, and how it is carried out.
    public var details: [(name: String, value: String)] {
        [("action", "\(action)"), ("controller", "\(controller)")]
            + (namespace.map { [("namespace", "\($0)")] } ?? [])
            + (order?.parameters ?? []).map { ($0.name, $0.value.words) }
    }

    /// The controller that is asked, and the namespace where not all are concerned.
    public var subjects: [JobSubject] {
        [.controller(controller)] + (namespace.map { [.namespace($0)] } ?? [])
    }

    /// Does it, or leaves its failure.
    public func run(_ job: Job) async throws(DriveError) {
        var before: SanitizeStatusLog?
        evidence = ErasingEvidence(job, method: "Sanitize", action: "\(action)")
        job.note("Parameters", .dictionary(order?.parameters ?? []))
        if let namespace { job.note("Namespaces", .list([.unsigned32(namespace)])) }
        if let order {
            if namespace != nil {
                // One of the whole drive would end what is begun here.
                let whole = try await job.attempt(on: controller) {
                    (controller) async throws(DriveError) in
                    try await controller.sanitizeStatus(for: job.requester)
                }
                try checkIsIdle(whole)
            }
            job.enter("asking the drive what it does")
            let log = try await status(job)
            try checkIsIdle(log)
            try await begin(order, after: log, job)
            before = log
            guard action.beginsOperation else {
                return finish(job, try await status(job))
            }
        }
        try await follow(job, since: before)
    }

    // MARK: Beginning

    private func checkIsIdle(_ log: SanitizeStatusLog) throws(DriveError) {
        guard log.outcome == .inProgress else { return }
        throw .notAllowed(
            "a sanitize operation (\(log.action)) that somebody else began is in progress"
        )
    }

    private func begin(
        _ order: SanitizeOrder,
        after before: SanitizeStatusLog,
        _ job: Job
    ) async throws(DriveError) {
        job.enter("\(order.action) is sent to the drive")
        do {
            try await job.attempt(on: controller, isRepeatable: false) {
                (controller) async throws(DriveError) in
                try await order.send(by: controller, for: job.requester)
            }
        } catch {
            // Whether it was carried out, the drive tells.
            guard error.leavesDoubt, order.action.beginsOperation else { throw error }
            job.enter("the answer was lost; asking the drive whether it began")
            let after = try await status(job)
            guard after.tellsOfAnother(than: before), after.commandDword10 == order.dword10 else {
                throw error
            }
        }
    }

    // MARK: Following

    /// Follows the operation to its end; `before` is the log before the command, nil when it was found in progress.
    private func follow(_ job: Job, since before: SanitizeStatusLog?) async throws(DriveError) {
        let subject = namespace.map { "namespace \($0): " } ?? ""
        job.enter("the drive sanitizes: \(subject)\(action)")
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
        job.note(
            namespace == nil ? "GlobalDataErased" : "NamespaceDataErased",
            .boolean(log.isGlobalDataErased)
        )
        if action == .overwrite { job.note("OverwritePasses", .unsigned8(log.overwritePasses)) }
        if log.isInMediaVerification { job.enter("the media can be verified") }
        job.drive?.activeEndpoint?.contentsMayHaveChanged()
    }

    private func status(_ job: Job) async throws(DriveError) -> SanitizeStatusLog {
        let namespace = namespace ?? GetLogPage.allNamespaces
        return try await job.attempt(on: controller) { (controller) async throws(DriveError) in
            try await controller.sanitizeStatus(of: namespace, for: job.requester)
        }
    }

    // MARK: Begun elsewhere

    private static func inProgress(
        _ controller: Controller,
        _ requester: Requester
    ) async throws(DriveError) -> (any JobWork)? {
        try controller.check(LogPageIdentifier.sanitizeStatus)
        guard controller.identity?.erasing.canSanitize ?? false else { return nil }
        if let log = try await controller.sanitizeInProgress(for: requester) {
            return SanitizeWork(following: log, of: nil, on: controller.identifier)
        }
        guard controller.isKnown(.sanitizeNamespace) else { return nil }
        let namespaces = controller.endpoint.inventory.namespaces.prefix(namespaceLimit)
        for namespace in namespaces.map(\.identifier) {
            if let log = try await controller.sanitizeInProgress(of: namespace, for: requester) {
                return SanitizeWork(following: log, of: namespace, on: controller.identifier)
            }
        }
        return nil
    }
}

extension Controller {
    /// How far sanitizing is, or how it went.
    ///
    /// - Throws: `DriveError`.
    func sanitizeStatus(
        of namespace: UInt32 = GetLogPage.allNamespaces,
        for requester: Requester
    ) async throws(DriveError) -> SanitizeStatusLog {
        try await perform(
            GetLogPage.sanitizeStatus(of: namespace, on: identifier)
                .retainingEvents(with: logPageAbilities),
            for: requester
        )
    }

    /// The log of an operation that goes on; nil when none does.
    fileprivate func sanitizeInProgress(
        of namespace: UInt32 = GetLogPage.allNamespaces,
        for requester: Requester
    ) async throws(DriveError) -> SanitizeStatusLog? {
        let log = try await sanitizeStatus(of: namespace, for: requester)
        return log.outcome == .inProgress && !log.isInMediaVerification ? log : nil
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
