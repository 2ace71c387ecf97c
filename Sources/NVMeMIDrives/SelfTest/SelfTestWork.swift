import EventLoop
public import NVMeMI
import NVMeMIClient

/// A device self-test, which goes on in the drive behind the answer to the command.
public final class SelfTestWork: JobWork {
    /// Others go on beside it; what changes the drive ends it.
    public nonisolated static let kind = JobKind(
        "SelfTest",
        exclusion: .none,
        cancellation: .commanded,
        ending: .leftToDrive,
        recognise: SelfTestWork.inProgress
    )

    private static let pauses: ClosedRange<Duration> = .milliseconds(200)...(.seconds(15))
    /// What the log has room for.
    private static let resultLimit = 20

    private static let neverBegun = DriveError.interrupted(
        "it was cancelled before the drive was told to begin"
    )

    private let controller: UInt16
    private let code: SelfTestCode
    /// What is sent; nil when it was sent by somebody else.
    private let command: DeviceSelfTest?
    private var before: [SelfTestResult]?
    /// Whether there is something in the drive that could be aborted.
    private var isBegun = false
    /// Somebody wanted it to end before that.
    private var isUnwanted = false

    /// Tests by a command.
    public init(_ command: DeviceSelfTest) {
        self.command = command
        controller = command.controller
        code = command.code
    }

    private init(following log: SelfTestLog, on controller: UInt16) {
        command = nil
        self.controller = controller
        code = log.currentOperation
    }

    /// Which self-test.
    public var details: [(name: String, value: String)] {
        [("self-test", "\(code)"), ("controller", "\(controller)")]
            + (command.map { [("nsid", "\($0.namespace)")] } ?? [])
    }

    /// The controller, and the namespace when it is of one.
    public var subjects: [JobSubject] {
        let namespace = command?.namespace ?? 0
        return [.controller(controller)]
            + (namespace == 0 || namespace == .max ? [] : [.namespace(namespace)])
    }

    /// Does it.
    public func run(_ job: Job) async throws(DriveError) {
        job.note("SelfTest", .text("\(code)"))
        if let command {
            let log: SelfTestLog
            do {
                log = try await self.log(job)
            } catch {
                throw isUnwanted ? Self.neverBegun : error
            }
            guard log.currentOperation == .none else {
                throw .notAllowed(
                    "a self-test (\(log.currentOperation)) that somebody else began is in progress"
                )
            }
            before = log.results.filter { $0.outcome != .unused }
            try await begin(command, job)
        }
        isBegun = true
        if isUnwanted { try await abort(job) }
        try conclude(try await follow(job), job)
    }

    private func begin(_ command: DeviceSelfTest, _ job: Job) async throws(DriveError) {
        job.enter("the self-test is begun")
        do {
            try await job.attempt(on: controller, isRepeatable: false) {
                (controller) async throws(DriveError) in
                guard !isUnwanted else { throw Self.neverBegun }
                try await controller.endpoint.perform(
                    command,
                    for: job.requester,
                    isWriting: true
                )
            }
        } catch {
            // Whether it was carried out, the drive tells.
            guard error.leavesDoubt else { throw isUnwanted ? Self.neverBegun : error }
            let after = try await log(job)
            guard after.currentOperation == code || isNew(after.results) else { throw error }
        }
    }

    /// Waits until no self-test is in progress.
    private func follow(_ job: Job) async throws(DriveError) -> SelfTestLog {
        job.enter("the drive tests itself: \(code)")
        var pause = Self.pauses.lowerBound
        while true {
            let log = try await log(job)
            guard log.currentOperation == code else { return log }
            let fraction = Double(min(log.currentCompletion, 100)) / 100
            if code == .extended, let minutes = job.extendedSelfTestMinutes(of: controller) {
                job.expect(endIn: .seconds(Int64(Double(minutes) * 60 * (1 - fraction)) + 1))
                // There are drives that tell no percentage before the end.
                job.allowStandstill(of: .seconds(Int64(minutes) * 60))
            }
            job.advance(to: fraction)
            try await job.pause(for: pause)
            pause = min(pause * 3 / 2, Self.pauses.upperBound)
        }
    }

    private func conclude(_ log: SelfTestLog, _ job: Job) throws(DriveError) {
        guard let result = log.results.first, result.code == code, isNew(log.results) else {
            throw .failed(
                "the self-test is not in progress any more, and the drive has no result of it; it may have lost power"
            )
        }
        for (name, value) in result.namedValues { job.note(name, value) }
        switch result.outcome {
        case .completed: return
        case .abortedByCommand where job.state == .cancelling:
            throw .interrupted("the drive has aborted the self-test")
        default:
            throw .failed("the drive tells of the self-test: \(result.words)")
        }
    }

    /// Whether the results are others than before the test; unknown, when all that the log has room for are the same.
    private func isNew(_ results: [SelfTestResult]) -> Bool {
        guard let before, before.count < Self.resultLimit else { return true }
        return results.filter { $0.outcome != .unused } != before
    }

    private func log(_ job: Job) async throws(DriveError) -> SelfTestLog {
        try await job.attempt(on: controller) { (controller) async throws(DriveError) in
            try await controller.selfTestLog(for: job.requester)
        }
    }

    /// Has the drive abort the self-test, as soon as there is one to abort.
    public func cancel(_ job: Job) async throws(DriveError) {
        guard isBegun else {
            isUnwanted = true
            return
        }
        try await abort(job)
    }

    private func abort(_ job: Job) async throws(DriveError) {
        try await job.attempt(on: controller) { (controller) async throws(DriveError) in
            try await controller.endpoint.perform(
                DeviceSelfTest(.abort, on: controller.identifier),
                for: job.requester,
                isWriting: true
            )
        }
    }

    private static func inProgress(
        _ controller: Controller,
        _ requester: Requester
    ) async throws(DriveError) -> (any JobWork)? {
        try controller.check(LogPageIdentifier.deviceSelfTest)
        try controller.check(AdminOpcode.deviceSelfTest)
        let log = try await controller.selfTestLog(for: requester)
        guard log.currentOperation != .none else { return nil }
        return SelfTestWork(following: log, on: controller.identifier)
    }
}

extension Controller {
    /// The self-test in progress, and the results of the last ones.
    ///
    /// - Throws: `DriveError`.
    func selfTestLog(for requester: Requester) async throws(DriveError) -> SelfTestLog {
        try await perform(
            GetLogPage.selfTest(on: identifier).retainingEvents(with: logPageAbilities),
            for: requester
        )
    }
}

extension Job {
    /// Minutes that a controller says an extended self-test takes; nil when it does not say.
    fileprivate func extendedSelfTestMinutes(of controller: UInt16) -> UInt16? {
        let minutes = drive?.activeEndpoint?.inventory.controllers
            .first { $0.identifier == controller }?.identity?.erasing.extendedSelfTestTime
        return minutes == 0 ? nil : minutes
    }
}

extension SelfTestResult {
    /// How it ended, and where it failed.
    fileprivate var words: String {
        var words = "\(outcome)"
        if outcome == .segmentFailed { words += ", segment \(segment)" }
        if valid.contains(.namespace) { words += ", namespace \(namespace)" }
        if valid.contains(.failingBlock) { words += ", logical block \(failingBlock)" }
        if valid.contains(.statusCodeType), valid.contains(.statusCode) {
            words += ", \(NVMeStatus(codeType: statusCodeType, code: statusCode))"
        }
        return words
    }
}
