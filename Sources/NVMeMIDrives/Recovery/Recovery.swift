import EventLoop
import Logging
import MCTP
import NVMeMI
import NVMeMIClient

/// What is done about an endpoint's silence.
///
/// A recovery that fails makes the directory forget the endpoint. So a drive that still answers MCTP is not
/// recovered, and one that does not is given time to come back by itself. While the directory tries, nothing
/// is sent to the endpoint and none of its message tags are held: the directory asks by physical address, and
/// Linux would give its questions the same tags.
@LoopActor
final class Recovery {
    /// How long the directory's own attempts take, where it does not say before that they are over.
    private static let duration: Duration = .seconds(8)
    private static let controlTimeLimit: Duration = .seconds(1)

    /// How often the drive has told of a reset of its subsystem, or was reset by this endpoint.
    private(set) var resets: UInt32 = 0
    private unowned let endpoint: Endpoint
    private var schedule: RecoverySchedule
    /// Ends the wait for the directory's attempts.
    private var attempt: Promise<Void>?
    private lazy var waiting = Errand { [unowned self] in await waitForTheEnd() }

    init(of endpoint: Endpoint) {
        self.endpoint = endpoint
        schedule = RecoverySchedule(endpoint.fleet.settings)
    }

    /// Whether the directory is at it.
    var isUnderWay: Bool { attempt != nil }

    /// Whether somebody has had a drive recovered that answered: its silence says nothing of it until it was asked.
    private(set) var isOfWorkingDrive = false

    /// Whether the drive does something during which drives are silent, and has not been so for too long.
    var isSilenceExpected: Bool { schedule.isSilenceExpected(at: EventLoop.main.now) }

    /// When the directory may first be asked for help; nil where that is never, or has been.
    func firstTime(after now: MonotonicInstant) -> MonotonicInstant? {
        schedule.firstTime(after: now)
    }

    private var fleet: Fleet { endpoint.fleet }

    // MARK: What happens

    /// The endpoint has answered.
    func heard() { schedule.heard() }

    /// The drive has told of changes after some of which it may be silent for a while.
    func noteChanges(_ flags: ControllerStatusFlags) {
        if flags.contains(.subsystemReset) { resets &+= 1 }
        if !flags.isDisjoint(with: [.subsystemReset, .firmwareActivated, .controllerEnable]) {
            schedule.expectLongSilence()
        }
    }

    /// The directory tells whether the endpoint can be reached; that it cannot is how its attempts begin.
    func connectivityChanged(isConnected: Bool) {
        if isConnected {
            attempt?.resolve()
        } else if attempt == nil {
            isOfWorkingDrive = false
        }
    }

    func directoryVanished() {
        schedule.isRefused = false
        attempt?.resolve()
    }

    func settingsChanged() { schedule = RecoverySchedule(fleet.settings) }

    func end() {
        attempt?.resolve()
        waiting.end()
    }

    func ended() async { await waiting.ended() }

    // MARK: What is done

    /// The endpoint was asked what it is, and nothing came: decides whether the directory is asked for help.
    func considerSilence() async {
        let now = EventLoop.main.now
        schedule.silent(at: now)
        isOfWorkingDrive = false
        // What was expected to be silent is too long so at some time.
        if let drive = endpoint.drive { fleet.observer?.changed(drive) }
        endpoint.judgeDrive()
        guard endpoint.found.isControllable, endpoint.isConfirmed, schedule.isDue(at: now),
            !fleet.isHostAsleep, fleet.directory?.mayControl ?? false
        else { return }
        let answer = await fleet.transport.askForEndpointID(
            of: endpoint.address,
            until: now + Self.controlTimeLimit
        )
        guard !Task.isCancelled, endpoint.isReachable else { return }
        if case .answered = answer {
            endpoint.enter(.unavailable, .deafToCommands(endpoint.stateReason.detail))
            return
        }
        schedule.tried(at: now)
        endpoint.logger.notice("silent; asking mctpd to recover it")
        do {
            try await recover()
        } catch {
            if error.kind == .unsupported { schedule.isRefused = true }
            guard error.kind != .notPermitted else { return }
            endpoint.logger.warning(
                "mctpd does not recover it",
                metadata: ["error": "\(error.message)"]
            )
        }
    }

    /// Has the directory recover the endpoint; returns when it has taken that on.
    func recover() async throws(DirectoryError) {
        guard attempt == nil else { return }
        guard let directory = fleet.directory else {
            throw DirectoryError(.absent, "nobody is there to recover it")
        }
        attempt = Promise()
        isOfWorkingDrive = endpoint.state == .ready
        let reason = StateReason.beingRecovered
        endpoint.enter(.unavailable, reason)
        endpoint.session.suspend(
            reason: "endpoint \(endpoint.address) is unavailable: \(reason.detail)"
        )
        fleet.transport.releaseTags(of: endpoint.address)
        do {
            try await directory.recover(endpoint.address)
        } catch {
            over()
            throw error
        }
        waiting.now()
    }

    private func waitForTheEnd() async {
        try? await attempt?.value(until: EventLoop.main.now + Self.duration)
        over()
    }

    private func over() {
        guard attempt != nil else { return }
        attempt = nil
        if endpoint.found.isConnected {
            endpoint.session.resume()
        } else {
            isOfWorkingDrive = false
        }
        endpoint.enterDegraded()
        endpoint.life.look()
    }
}
