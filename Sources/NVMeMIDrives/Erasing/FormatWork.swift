import EventLoop
public import NVMeMI
import NVMeMIClient

/// Giving namespaces another format, which erases them.
///
/// A controller answers Format NVM when it is done, or at once and goes on behind the answer. How far it has come, it
/// tells in Identify Namespace either way.
public final class FormatWork: JobWork {
    /// The drive goes on with it whatever becomes of the daemon, and nothing ends it before the time.
    public nonisolated static let kind = JobKind(
        "Format",
        exclusion: .alone(whenBusy: .refused),
        cancellation: .never,
        ending: .leftToDrive,
        recognise: FormatWork.inProgress
    )

    /// How long the controller may take for its answer where the caller does not say.
    public static let usualTimeLimit: Duration = .seconds(600)
    private static let pauses: ClosedRange<Duration> = .milliseconds(200)...(.seconds(10))
    /// How long a question may take that is asked beside the command.
    private static let besideTimeLimit: Duration = .seconds(2)

    private let controller: UInt16
    /// What is sent; nil when it was sent by somebody else.
    private let command: FormatNVM?
    private let timeLimit: Duration
    private let namespaces: [UInt32]
    private var answer: Result<Void, DriveError>?
    /// Whether nothing is left of the command but what the drive may do.
    var isAnswered: Bool { answer != nil }

    /// Formats by a command.
    ///
    /// - Parameters:
    ///   - command: What is sent.
    ///   - namespaces: Those that it concerns.
    ///   - timeLimit: How long the controller may take for its answer.
    public init(_ command: FormatNVM, of namespaces: [UInt32], timeLimit: Duration?) {
        self.command = command
        self.namespaces = namespaces
        self.timeLimit = timeLimit ?? Self.usualTimeLimit
        controller = command.controller
    }

    private init(following namespaces: [UInt32], on controller: UInt16) {
        command = nil
        self.namespaces = namespaces
        self.controller = controller
        timeLimit = Self.usualTimeLimit
    }

    /// The namespaces, and how they are formatted.
    public var details: [(name: String, value: String)] {
        [("namespaces", namespaces.prefix(32).map { "\($0)" }.joined(separator: " "))]
            + (command?.parameters ?? []).map { ($0.name, $0.value.words) }
    }

    /// The controller that is asked, and the namespaces.
    public var subjects: [JobSubject] {
        [.controller(controller)] + namespaces.map { .namespace($0) }
    }

    /// Does it.
    public func run(_ job: Job) async throws(DriveError) {
        let erase = command.map { "\($0.erase)" } ?? "Unknown"
        let evidence = ErasingEvidence(job, method: "Format", action: erase)
        job.note("Namespaces", .list(namespaces.map { .unsigned32($0) }))
        job.note("Parameters", .dictionary(command?.parameters ?? []))
        let powerCycles = try await powerCycles(job)
        let resets = try await resets(job)
        if let command {
            try await carryOut(command, job)
        } else {
            job.enter("the drive formats")
        }
        try await follow(job)
        try await conclude(job)
        // One that was switched off and on goes on with nothing, and tells as little as one that is done.
        guard try await self.powerCycles(job) == powerCycles else {
            throw .failed(
                "the drive lost power while it formatted, and nothing tells whether all is formatted; it has to be "
                    + "formatted again"
            )
        }
        // Nor does one that was reset: what it tells of a format that goes on is 0 then as well.
        guard try await !self.resets(job).isMore(than: resets) else {
            throw .failed(
                "the drive was reset while it formatted, and nothing tells whether all is formatted; it has to be "
                    + "formatted again"
            )
        }
        evidence.end(job)
        job.drive?.activeEndpoint?.contentsMayHaveChanged()
    }

    /// Resets of a drive that are known of.
    private struct Resets {
        /// How often each of its endpoints has told of one.
        var counts: [ObjectIdentifier: UInt32] = [:]
        /// Whether the drive tells of one that no poll has taken note of yet.
        var isOneTold = false

        func isMore(than before: Resets) -> Bool {
            isOneTold && !before.isOneTold
                || counts.contains { $0.value != before.counts[$0.key] ?? $0.value }
        }
    }

    private func resets(_ job: Job) async throws(DriveError) -> Resets {
        var resets = Resets()
        do {
            resets.isOneTold = try await job.attempt(on: controller) {
                (controller) async throws(DriveError) in
                try await controller.endpoint.perform(
                    SubsystemHealthStatusPoll(version: controller.endpoint.inventory.version),
                    for: job.requester
                ).compositeControllerStatus.contains(.subsystemReset)
            }
        } catch {
            if case .interrupted = error { throw error }
        }
        // After the question: a poll may have taken note meanwhile.
        for endpoint in job.drive?.endpoints ?? [] {
            resets.counts[ObjectIdentifier(endpoint)] = endpoint.recovery.resets
        }
        return resets
    }

    // MARK: The command

    private func carryOut(_ command: FormatNVM, _ job: Job) async throws(DriveError) {
        job.enter("the drive formats")
        job.allowStandstill(of: timeLimit + Self.pauses.upperBound)
        let deadline = EventLoop.main.now + timeLimit
        let before = try await situation(job)
        let sending = EventLoop.main.spawn { [self] in
            do throws(DriveError) {
                try await job.attempt(on: controller, isRepeatable: false) {
                    (controller) async throws(DriveError) in
                    try await controller.endpoint.perform(
                        command,
                        for: job.requester,
                        timeLimit: timeLimit,
                        isWriting: true
                    )
                }
                answer = .success(())
            } catch {
                answer = .failure(error)
            }
        }
        do {
            try await waitForAnswer(job)
        } catch {
            // Nothing of a job goes on when it has ended.
            sending.cancel()
            await sending.value
            throw error
        }
        guard case .failure(let error)? = answer else {
            job.note("NVMeStatus", .unsigned16(NVMeStatus.success.rawValue))
            return
        }
        guard error.leavesDoubt else { throw error }
        job.enter("the answer was lost; asking the drive what it does")
        guard try await isBegun(command, since: before, until: deadline, job) else { throw error }
        job.note("AnswerLost", .boolean(true))
    }

    private func waitForAnswer(_ job: Job) async throws(DriveError) {
        var pause = Self.pauses.lowerBound
        while answer == nil {
            try await job.pause(for: pause)
            guard answer == nil else { return }
            pause = min(pause * 3 / 2, Self.pauses.upperBound)
            // Beside the command, where the drive takes another: what does not come is no failure.
            if let left = await remainingBeside(job), left > 0 { job.advance(to: 1 - left) }
        }
    }

    /// Finds out whether the drive formats, or has formatted, although its answer was lost.
    ///
    /// A drive that does not tell how far it is may be at it as long as the command may take: until then nothing else
    /// is done to it.
    private func isBegun(
        _ command: FormatNVM,
        since before: FormatSituation,
        until deadline: MonotonicInstant,
        _ job: Job
    ) async throws(DriveError) -> Bool {
        var pause = Self.pauses.lowerBound
        while true {
            let now = try await situation(job)
            if now.isInProgress || now.shows(command, since: before) { return true }
            guard !now.tellsProgress, EventLoop.main.now < deadline else { return false }
            job.enter("the answer was lost; waiting for as long as the drive may take")
            try await job.pause(for: pause)
            pause = min(pause * 3 / 2, Self.pauses.upperBound)
        }
    }

    /// How much remains, by a drive that is at work; nil when it does not tell now.
    private func remainingBeside(_ job: Job) async -> Double? {
        guard let endpoint = job.drive?.activeEndpoint,
            let controller = endpoint.inventory.controllers.first(where: {
                $0.identifier == self.controller
            }), let namespace = namespaces.first
        else { return nil }
        // As urgent as a health poll: those are what may use the second slot while the first is at work.
        let identity = try? await controller.endpoint.perform(
            Identify.namespace(namespace, on: controller.identifier),
            for: job.requester,
            timeLimit: Self.besideTimeLimit,
            priority: .health
        )
        return identity?.fractionToFormat
    }

    // MARK: Following

    private func follow(_ job: Job) async throws(DriveError) {
        var pause = Self.pauses.lowerBound
        while true {
            let now = try await situation(job)
            guard now.isInProgress else { return }
            job.enter("the drive formats")
            if let left = now.remaining { job.advance(to: 1 - left) }
            try await job.pause(for: pause)
            pause = min(pause * 3 / 2, Self.pauses.upperBound)
        }
    }

    /// What the drive tells of all namespaces.
    private func situation(_ job: Job) async throws(DriveError) -> FormatSituation {
        var situation = FormatSituation()
        for namespace in namespaces {
            do {
                situation.identities.append(try await identity(of: namespace, job))
            } catch {
                // There are drives that tell nothing of a namespace while they format it.
                guard error.nvmeStatus == .formatInProgress else { throw error }
                situation.isRefused = true
            }
        }
        return situation
    }

    /// How often the drive was switched on; nil when it does not tell.
    private func powerCycles(_ job: Job) async throws(DriveError) -> UInt128? {
        do {
            return try await job.attempt(on: controller) { (controller) async throws(DriveError) in
                try await controller.powerCycles(for: job.requester)
            }
        } catch {
            guard error.nvmeStatus != nil else { throw error }
            return nil
        }
    }

    /// Takes down what the drive tells of the namespaces in the end, and whether that is what was wanted.
    private func conclude(_ job: Job) async throws(DriveError) {
        var after: [FieldValue] = []
        var wrong: [String] = []
        for namespace in namespaces {
            let identity = try await identity(of: namespace, job)
            after.append(.dictionary(identity.evidence(of: namespace)))
            guard let command, identity.size > 0 else { continue }
            if identity.formatIndex != command.formatIndex
                || identity.protectionType != command.protectionType
            {
                wrong.append("namespace \(namespace) has LBA format \(identity.formatIndex)")
            }
        }
        job.note("NamespacesAfter", .list(after))
        guard wrong.isEmpty else {
            throw .failed(
                "the drive does not have the format that was asked for: "
                    + wrong.joined(separator: ", ")
            )
        }
    }

    private func identity(
        of namespace: UInt32,
        _ job: Job
    ) async throws(DriveError) -> IdentifyNamespace {
        try await job.attempt(on: controller) { (controller) async throws(DriveError) in
            try await controller.namespaceIdentity(namespace, for: job.requester)
        }
    }

    // MARK: Begun elsewhere

    private static func inProgress(
        _ controller: Controller,
        _ requester: Requester
    ) async throws(DriveError) -> (any JobWork)? {
        // Identify Namespace has told with the look at the drive.
        let formatted = controller.endpoint.inventory.namespaces.filter {
            ($0.facts.percentToFormat ?? 0) > 0 && $0.controllers.contains(controller.identifier)
        }
        guard let first = formatted.first else { return nil }
        // The look may have been a while ago.
        let identity = try await controller.namespaceIdentity(first.identifier, for: requester)
        guard identity.fractionToFormat ?? 0 > 0 else {
            controller.endpoint.contentsMayHaveChanged()
            return nil
        }
        return FormatWork(following: formatted.map(\.identifier), on: controller.identifier)
    }
}

extension Controller {
    /// What a namespace is, be it attached or not where the controller tells of such; one without size is none.
    ///
    /// - Throws: `DriveError`.
    public func namespaceIdentity(
        _ namespace: UInt32,
        for requester: Requester
    ) async throws(DriveError) -> IdentifyNamespace {
        let identity = try await perform(
            Identify.namespace(namespace, on: identifier),
            for: requester
        )
        guard identity.size == 0, namespace != FormatNVM.allNamespaces,
            (try? check(IdentifyStructure.allocatedNamespace)) != nil
        else { return identity }
        return try await perform(
            Identify.allocatedNamespace(namespace, on: identifier),
            for: requester
        )
    }
}

extension IdentifyNamespace {
    /// How much of it remains to be formatted, from 0 to 1; nil when the controller does not tell.
    var fractionToFormat: Double? {
        isFormatProgressSupported ? Double(min(formatPercentageRemaining, 100)) / 100 : nil
    }

    fileprivate func evidence(of namespace: UInt32) -> [NamedValue] {
        [
            ("NSID", .unsigned32(namespace)), ("Format", .unsigned8(formatIndex)),
            ("BlockSize", .unsigned64(format?.dataSize ?? 0)),
            ("MetadataSize", .unsigned16(format?.metadataSize ?? 0)),
            ("Protection", .unsigned8(protectionType)), ("Blocks", .unsigned64(size)),
            ("BlocksInUse", .unsigned64(utilization)),
        ]
    }
}

extension FormatNVM {
    /// What the command says, by name.
    fileprivate var parameters: [NamedValue] {
        [
            ("SecureErase", .text("\(erase)")), ("Format", .unsigned8(formatIndex)),
            ("ExtendedMetadata", .boolean(isMetadataInterleaved)),
            ("Protection", .unsigned8(protectionType)),
            ("ProtectionFirst", .boolean(isProtectionFirst)),
        ]
    }
}
