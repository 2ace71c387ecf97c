import EventLoop
import Logging
import NVMeMI
import NVMeMIClient

/// When an endpoint is asked what it is and how it is, and what that means for its state.
///
/// A look asks for everything; between looks, parts that are missing and may get better are asked for again
/// each after its own pause. Health is polled whenever the endpoint answers, whatever it refuses.
@LoopActor
final class EndpointLife {
    /// Consecutive unanswered commands after which an endpoint is asked anew what it is.
    private static let unansweredLimit = 3
    /// How long an endpoint may say that it is not ready yet before it counts as failed.
    private static let readinessPatience: Duration = .seconds(60)

    private unowned let endpoint: Endpoint
    private lazy var looking = Errand { [unowned self] in await takeALook() }
    private lazy var polling = Errand { [unowned self] in await pollHealth() }
    private var isWholeLookDue = true
    /// Parts that are asked for with the next look that is not for everything.
    private var wanted: [InventoryPart] = []
    /// Whether the endpoint answered when it was asked last.
    private var isAnswering = true
    /// Whether it has ever answered a look, be it with refusals.
    private var hasAnswered = false
    private var lastLook = EventLoop.main.now
    /// When all controllers were asked for their namespaces.
    private var lastListing = EventLoop.main.now
    private let firstLook = EventLoop.main.now
    private var pause: Duration

    init(of endpoint: Endpoint) {
        self.endpoint = endpoint
        pause = endpoint.fleet.settings.firstRetry
    }

    private var settings: FleetSettings { endpoint.fleet.settings }
    private var session: EndpointSession { endpoint.session }

    /// Asks the endpoint anew for everything that it is.
    func look() {
        isWholeLookDue = true
        looking.now()
    }

    /// Asks the endpoint anew for some parts, and for what follows from them.
    func look(at parts: [InventoryPart]) {
        wanted += parts.filter { !wanted.contains($0) }
        looking.now()
    }

    /// Takes note that the drive resets: it is silent for a while, and asked what it is when that may be over.
    func resetBegan() {
        isWholeLookDue = true
        isAnswering = false
        endpoint.recovery.noteChanges(.subsystemReset)
        endpoint.enter(.unavailable, .resetting)
        polling.next(at: nil)
        looking.next(at: EventLoop.main.now + settings.firstRetry)
    }

    func end() {
        looking.end()
        polling.end()
    }

    func ended() async {
        await looking.ended()
        await polling.ended()
    }

    // MARK: Looks

    private func takeALook() async {
        guard endpoint.isReachable else {
            endpoint.enterDegraded()
            return
        }
        endpoint.learnPhysicalAddress()
        endpoint.fleet.lookBegan()
        defer { endpoint.fleet.lookEnded() }
        let isWhole = isWholeLookDue || !isAnswering
        isWholeLookDue = false
        lastLook = EventLoop.main.now
        if isWhole {
            lastListing = lastLook
            endpoint.health.forgetRefusals()
        }
        if isWhole, endpoint.state == .ready { endpoint.logger.info("asking again what it is") }
        let parts = isWhole ? [] : wanted
        wanted.removeAll(where: parts.contains)
        let reader = InventoryReader(of: endpoint, isWhole: isWhole, parts) { [unowned self] in
            await tune()
        }
        let outcome = await reader.run()
        guard !Task.isCancelled else { return }
        wanted += reader.afterwards.filter { !wanted.contains($0) }
        await judge(outcome)
        scheduleLook()
        scheduleHealthPoll()
    }

    private func tune() async {
        do {
            try await endpoint.link.tune(
                through: endpoint.inventory,
                endpoint.settings.tuningLimits,
                setRouteMTU: endpoint.routeSetter
            )
        } catch {
            endpoint.logger.debug("not tuned", metadata: ["error": "\(error.words)"])
        }
        endpoint.speedMayHaveChanged()
    }

    private func judge(_ outcome: InventoryReader.Outcome) async {
        switch outcome {
        case .interrupted(let error):
            // Nothing is known that was not known before.
            if endpoint.state != .ready, endpoint.isReachable {
                endpoint.enter(endpoint.state, .interrupted(error.words))
            }
            isWholeLookDue = true
        case .silent(let error):
            isAnswering = false
            endpoint.isReturning = false
            guard endpoint.isReachable else { return }
            endpoint.enter(
                .unavailable,
                endpoint.fleet.isHostAsleep ? .hostAsleep(error.words) : .silent(error.words)
            )
            endpoint.fleet.assign(endpoint)
            await endpoint.recovery.considerSilence()
        case .answered:
            isAnswering = true
            hasAnswered = true
            pause = settings.firstRetry
            session.forgetFailures()
            endpoint.recovery.heard()
            endpoint.fleet.assign(endpoint)
            guard endpoint.isReachable else { return }
            let (state, reason) = verdict
            // Not before: those who look meanwhile would see one that is silent.
            endpoint.isReturning = false
            endpoint.enter(state, reason)
            endpoint.fleet.jobs.recognise(by: endpoint)
        }
    }

    /// What the inventory says of the endpoint's state.
    private var verdict: (EndpointState, StateReason) {
        let inventory = endpoint.inventory
        switch inventory.completeness {
        case .sufficient: return (.ready, inventory.reasonOfWhatIsMissing)
        case .insufficient:
            return (
                .failed, .insufficient(inventory.namesOfWhatIsMissing, inventory.whatIsMissing)
            )
        case .notYet:
            let isPatient = EventLoop.main.now < firstLook + Self.readinessPatience
            return (
                isPatient ? .initializing : .failed,
                .notReady(inventory.namesOfWhatIsMissing, inventory.whatIsMissing)
            )
        }
    }

    private func scheduleLook() {
        let now = EventLoop.main.now
        if isWholeLookDue || !isAnswering {
            // Not past the time from which on somebody else may help.
            let help = isAnswering ? nil : endpoint.recovery.firstTime(after: now)
            looking.next(at: min(now + pause, help ?? now + pause))
            pause = min(pause * 2, settings.lastRetry)
        } else if !wanted.isEmpty {
            looking.now()
        } else {
            looking.next(at: endpoint.inventory.nextAttempt)
        }
    }

    // MARK: Commands

    /// Judges the endpoint by a command that succeeded.
    func commandSucceeded() {
        guard !isAnswering, !looking.isUnderWay,
            lastLook + settings.firstRetry <= EventLoop.main.now
        else { return }
        look()
    }

    /// Judges the endpoint by a command that failed.
    func commandFailed() {
        guard isAnswering, endpoint.isReachable,
            session.unansweredInARow >= Self.unansweredLimit
        else { return }
        fellSilent("\(session.unansweredInARow) commands in a row had no answer")
    }

    private func fellSilent(_ reason: String) {
        isAnswering = false
        endpoint.enter(.unavailable, .silent(reason))
        polling.next(at: nil)
        look()
    }

    // MARK: Health

    /// Sets when the health is polled next.
    func scheduleHealthPoll() {
        let isKnown = hasAnswered || endpoint.inventory.subsystem != nil
        let isDue = isAnswering && endpoint.isReachable && isKnown
        polling.next(at: isDue ? endpoint.health.nextPoll : nil)
    }

    /// Asks for the health once, without clearing what others may watch.
    private func pollHealth() async {
        guard isAnswering, endpoint.isReachable else { return }
        do {
            // The session repeats it once when there is no answer: one lost message is no dead drive.
            let health = try await session.perform(
                SubsystemHealthStatusPoll(version: endpoint.inventory.version),
                CommandOptions(priority: .health)
            )
            endpoint.inventory.noteKnown(.health)
            take(health)
            await askForSpare()
            await askForCounters()
        } catch {
            if Task.isCancelled { return }
            endpoint.health.missed()
            endpoint.logFailure(
                error,
                of: SubsystemHealthStatusPoll.declaration.name,
                caller: "health poll"
            )
            switch error.evidence {
            case .silent where isAnswering && endpoint.isReachable: fellSilent(error.words)
            case .answered:
                endpoint.inventory.noteMissing(.health, error, settings)
                endpoint.changed()
            default: commandFailed()
            }
        }
        scheduleHealthPoll()
    }

    private func take(_ health: SubsystemHealth) {
        endpoint.health.take(health)
        endpoint.judgeDrive()
        endpoint.fleet.observer?.changed(endpoint.health)
        let news = endpoint.health.newFlags.intersection(Self.flagsThatWantALook)
        guard !news.isEmpty else { return listNamespaces(after: health.compositeControllerStatus) }
        endpoint.logger.info("changed", metadata: ["flags": "\(news.setNames)"])
        endpoint.recovery.noteChanges(news)
        look()
    }

    /// Asks the controllers for the spare that is left, which the subsystem's health does not tell.
    private func askForSpare() async {
        guard endpoint.health.isSpareDue(at: EventLoop.main.now), isAnswering, endpoint.isReachable
        else { return }
        let poll = ControllerHealthStatusPoll(version: endpoint.inventory.version)
        do {
            let controllers = try await session.perform(poll, CommandOptions(priority: .health))
            guard endpoint.health.take(spare: controllers.map(\.availableSpare).min()) else {
                return
            }
            endpoint.fleet.observer?.changed(endpoint.health)
        } catch {
            guard !Task.isCancelled else { return }
            if case .answered = error.evidence {
                endpoint.health.missedSpare(isRefused: true)
            } else {
                endpoint.health.missedSpare(isRefused: false)
            }
        }
    }

    /// Asks what the drive has counted in its life, where somebody is to be shown that; by one endpoint of it.
    private func askForCounters() async {
        let isDue = endpoint.health.areCountersDue(
            every: settings.countersInterval,
            at: EventLoop.main.now
        )
        guard isDue, isAnswering, endpoint.isReachable, endpoint.drive?.activeEndpoint === endpoint,
            let controller = endpoint.drive?.leadingController
        else { return }
        var command = GetLogPage(
            .smart,
            on: controller.identifier,
            length: UInt32(SmartLog.layout.size)
        )
        command = command.retainingEvents(true, with: controller.logPageAbilities)
        do {
            let data = try await session.perform(command, CommandOptions(priority: .health))
            // Not the page that it must be: a refusal in other words.
            guard let log = try? SmartLog(data: data) else {
                return endpoint.health.missedCounters(isRefused: true)
            }
            endpoint.health.take(DriveCounters(log))
            endpoint.fleet.observer?.changed(endpoint.health)
        } catch {
            guard !Task.isCancelled else { return }
            var isRefused = false
            if case .answered = error.evidence { isRefused = true }
            endpoint.health.missedCounters(isRefused: isRefused)
        }
    }

    /// Asks for the namespaces from time to time while nobody clears the flag that says they have changed: it says
    /// nothing of further changes.
    private func listNamespaces(after flags: ControllerStatusFlags) {
        let now = EventLoop.main.now
        let controllers = endpoint.inventory.controllers
        // Each has a long answer.
        let pause = settings.lastRetry * controllers.count
        guard flags.contains(.namespaceAttribute), lastListing + pause <= now else { return }
        lastListing = now
        look(at: controllers.map { .activeNamespaces($0.identifier) })
    }

    /// What has happened to a drive that is no longer quite what it was.
    private static let flagsThatWantALook: ControllerStatusFlags = [
        .ready, .subsystemReset, .controllerEnable, .namespaceAttribute, .firmwareActivated,
    ]
}
