public import EventLoop
import MCTP
import NVMeMI
import NVMeMIClient

/// Makes the way to a drive as fast as both sides can and the settings allow, and keeps in mind what came of
/// it.
///
/// Each of the two, transmission unit and frequency, is a transaction: what the drive has is read, the
/// drive is set, then the directory's route, then both are tried with a command; when that fails, both are put
/// back. The drive is set first because a route with larger packets than the drive takes would cut it
/// off; a drive with larger packets than the route still hears what it is told.
///
/// What a caller has set is left as it is. What the bridge has raised is lowered again when less is
/// allowed than was.
@LoopActor
public final class LinkTuning {
    /// Sets the MTU of the route, MCTP header included.
    typealias RouteSetter = @LoopActor (UInt32) async throws(DirectoryError) -> Void

    let session: EndpointSession
    /// How fast it is.
    public internal(set) var speed = LinkSpeed()
    /// What the way was last tuned to; nil before.
    private(set) var limits: TuningLimits?
    var frequency = TuningMemory<UInt32>(initial: TuningLimits.initial.smbusFrequency)
    var unit = TuningMemory<UInt16>(initial: TuningLimits.initial.transmissionUnit)
    /// The transmission unit that the route was last set for; it cannot be read.
    var routeUnit = TuningLimits.initial.transmissionUnit
    /// Whether the route may not be what it was set to.
    var isRouteUncertain = false
    private var toldSpeed = LinkSpeed()

    init(_ session: EndpointSession) {
        self.session = session
    }

    /// Forgets what did not work, so that it is tried again.
    func forgetFailures() {
        frequency.isPutBack = false
        unit.isPutBack = false
    }

    /// The directory may have set its route anew.
    func routeMayHaveChanged() {
        isRouteUncertain = routeUnit != TuningLimits.initial.transmissionUnit
    }

    /// The speed that was told last, when the present one is another; that counts as told from now on.
    func takeNews() -> LinkSpeed? {
        guard speed != toldSpeed else { return nil }
        defer { toldSpeed = speed }
        return toldSpeed
    }

    /// Tunes the way through the port that the endpoint is behind.
    ///
    /// Where the directory does not set this endpoint's route there is nothing to set it with.
    ///
    /// - Throws: When the drive cannot be asked; a drive or a directory that refuses is a result.
    func tune(
        through inventory: Inventory,
        _ limits: TuningLimits,
        setRouteMTU: RouteSetter?
    ) async throws(SessionError) {
        if limits != self.limits { forgetFailures() }
        self.limits = limits
        guard let own = inventory.ownPort else {
            speed.tuning = "not possible: which port the endpoint is behind is not known"
            return
        }
        defer { describe() }
        if let twoWire = own.information.twoWire {
            let greatest = twoWire.maximumManagementEndpointFrequency.hertz ?? 0
            try await tuneFrequency(own.number, allowed: min(greatest, limits.smbusFrequency))
        }
        try await tuneTransmissionUnit(
            LinkTrial(session, port: own.number, inventory),
            allowed: min(own.information.maximumTransmissionUnitSize, limits.transmissionUnit),
            setRouteMTU
        )
    }

    func describe() {
        let remarks = [frequency.remark, unit.remark].filter { !$0.isEmpty }
        speed.tuning = remarks.isEmpty ? "nothing to raise" : remarks.joined(separator: "; ")
    }

    // MARK: Commands

    /// What the drive says; nil when it refuses to.
    func ask<C: Command>(_ command: C) async throws(SessionError) -> C.Reply? {
        do {
            return try await session.perform(command, CommandOptions(priority: .control))
        } catch {
            guard case .device = error else { throw error }
            return nil
        }
    }

    /// What came of setting something.
    enum Outcome {
        case done
        case refused(String)
        case unanswered
    }

    /// Sets something, while the drive does nothing else.
    func set<C: Command>(
        _ command: C,
        timeLimit: Duration? = nil
    ) async throws(SessionError) -> Outcome {
        do {
            let options = CommandOptions(
                timeLimit: timeLimit,
                priority: .control,
                isExclusive: true
            )
            _ = try await session.perform(command, options)
            return .done
        } catch {
            if case .device = error { return .refused(error.words) }
            guard error.evidence != .none else { throw error }
            return .unanswered
        }
    }

    /// Sets what was there before, in a drive that may not be heard until it is set.
    func putBack<C: Command>(_ command: C) async throws(SessionError) {
        // Its slot is out of use for a while, as it did not answer the question before.
        _ = try await set(command, timeLimit: session.settings.quarantine + .seconds(5))
    }

    /// Whether a question finds what is expected; silence and nonsense of a drive are a no.
    func isHeard(
        _ question: @LoopActor () async throws(SessionError) -> Bool
    ) async throws(SessionError) -> Bool {
        do {
            return try await question()
        } catch {
            guard error.evidence != .none else { throw error }
            return false
        }
    }
}
