import DBus
import EventLoop
import NVMeMI
import NVMeMIClient

/// Makes the way to a drive as fast as both sides can and the configuration allows, and keeps in mind
/// what came of it.
///
/// Each of the two, transmission unit and frequency, is a transaction: what the drive has is read, the
/// drive is set, then mctpd's route, then both are tried with a command; when that fails, both are put
/// back. The drive is set first because a route with larger packets than the drive takes would cut it
/// off; a drive with larger packets than the route still hears what it is told.
///
/// What a caller has set is left as it is. What the bridge has raised is lowered again when less is
/// allowed than was.
@LoopActor
final class LinkTuning {
    /// Sets the MTU of the route, MCTP header included.
    typealias RouteSetter = @LoopActor (UInt32) async throws -> Void

    private let session: EndpointSession
    private(set) var speed = LinkSpeed()
    /// What the way was last tuned to; nil before.
    private(set) var limits: TuningLimits?
    private var frequency = Memory<UInt32>(initial: TuningLimits.initial.smbusFrequency)
    private var unit = Memory<UInt16>(initial: TuningLimits.initial.transmissionUnit)
    /// The transmission unit that mctpd's route was last set for; it cannot be read.
    private var routeUnit = TuningLimits.initial.transmissionUnit
    /// Whether the route may not be what it was set to.
    private var isRouteUncertain = false

    /// Bytes of the MCTP header, which count for a route's MTU and not for a transmission unit.
    private static let headerSize: UInt32 = 4

    init(_ session: EndpointSession) {
        self.session = session
    }

    /// What is known of one of the two from before.
    private struct Memory<Number: FixedWidthInteger> {
        let initial: Number
        /// What the bridge has set it to.
        var raised: Number?
        /// What a caller has set it to.
        var callers: Number?
        /// It did not work at more than the initial value and is not tried again.
        var isPutBack = false
        /// What came of it last, in words.
        var remark = ""

        /// What it should be.
        mutating func wanted(present: Number, allowed: Number) -> Number {
            // A drive that has forgotten what its caller set begins anew.
            if callers != present { callers = nil }
            guard callers == nil, !isPutBack else { return present }
            return allowed > present || raised == present ? max(allowed, initial) : present
        }

        mutating func set(to value: Number, from present: Number, _ what: String) {
            raised = value > initial ? value : nil
            remark = "\(what) \(value > present ? "raised" : "lowered") to \(value)"
        }
    }

    /// Forgets what did not work, so that it is tried again.
    func forgetFailures() {
        frequency.isPutBack = false
        unit.isPutBack = false
    }

    /// mctpd may have set its route anew.
    func routeMayHaveChanged() {
        isRouteUncertain = routeUnit != TuningLimits.initial.transmissionUnit
    }

    /// Tunes the way through the port that the endpoint is behind.
    ///
    /// Where mctpd does not set this endpoint's route there is nothing to set it with.
    ///
    /// - Throws: When the drive cannot be asked; a drive or an mctpd that refuses is a result.
    func tune(
        _ ports: [UInt8: PortInformation],
        _ limits: TuningLimits,
        setRouteMTU: RouteSetter?
    ) async throws(SessionError) {
        if limits != self.limits { forgetFailures() }
        self.limits = limits
        guard let (number, port) = Self.port(of: ports) else {
            speed.tuning = "not possible: which port the endpoint is behind is not known"
            return
        }
        defer {
            let remarks = [frequency.remark, unit.remark].filter { !$0.isEmpty }
            speed.tuning =
                remarks.isEmpty ? "nothing to raise" : remarks.joined(separator: "; ")
        }
        if let twoWire = port.twoWire {
            let greatest = twoWire.maximumManagementEndpointFrequency.hertz ?? 0
            try await tuneFrequency(number, allowed: min(greatest, limits.smbusFrequency))
        }
        try await tuneTransmissionUnit(
            number,
            allowed: min(port.maximumTransmissionUnitSize, limits.transmissionUnit),
            setRouteMTU
        )
    }

    /// The port that the endpoint is behind, which no message tells: the only two-wire port, else the
    /// only port.
    static func port(of ports: [UInt8: PortInformation]) -> (UInt8, PortInformation)? {
        let active = ports.filter { $0.value.type != .inactive }
        let twoWire = active.filter { $0.value.twoWire != nil }
        let candidates = twoWire.isEmpty ? active : twoWire
        guard candidates.count == 1, let only = candidates.first else { return nil }
        return (only.key, only.value)
    }

    // MARK: SMBus frequency

    /// Takes note of what a caller has set.
    func callerHasSet(frequency hertz: UInt32) {
        frequency.callers = hertz
        frequency.remark = "SMBus frequency set to \(hertz) by a caller"
        speed.smbusFrequency = hertz
    }

    private func tuneFrequency(
        _ port: UInt8,
        allowed: UInt32
    ) async throws(SessionError) {
        guard let present = try await presentFrequency(of: port) else { return }
        speed.smbusFrequency = present
        let wanted = frequency.wanted(present: present, allowed: allowed)
        guard wanted != present, let code = SMBusFrequency(hertz: wanted),
            let old = SMBusFrequency(hertz: present)
        else { return }
        let outcome = try await set(ConfigurationSet.SMBusFrequency(port: port, frequency: code))
        if case .refused(let why) = outcome {
            frequency.remark = "the drive refuses an SMBus frequency of \(wanted): \(why)"
            return
        }
        if try await isHeard({ () async throws(SessionError) in
            try await self.presentFrequency(of: port) == wanted
        }) {
            speed.smbusFrequency = wanted
            frequency.set(to: wanted, from: present, "SMBus frequency")
            return
        }
        frequency.isPutBack = true
        frequency.remark = "SMBus frequency of \(wanted) did not work and was put back"
        try await putBack(ConfigurationSet.SMBusFrequency(port: port, frequency: old))
    }

    private func presentFrequency(of port: UInt8) async throws(SessionError) -> UInt32? {
        try await ask(ConfigurationGet.SMBusFrequency(port: port))?.hertz
    }

    // MARK: Transmission unit

    /// Sets the transmission unit for a caller, and the route with it.
    ///
    /// - Throws: Why the drive could not be set, or the route could not be made narrower before.
    func setForCaller(
        transmissionUnit size: UInt16,
        setRouteMTU: RouteSetter?,
        _ setDrive: @escaping @LoopActor @Sendable () async throws -> Void
    ) async throws {
        if size < routeUnit {
            guard let setRouteMTU else {
                throw BusErrors.notAllowed(
                    "the transmission unit cannot become less than \(routeUnit), for which mctpd's route "
                        + "to the drive is set: mctpd does not let the bridge change that"
                )
            }
            try await setRoute(size, setRouteMTU)
        }
        do {
            try await setDrive()
        } catch {
            isRouteUncertain = true
            throw error
        }
        unit.callers = size
        unit.remark = "transmission unit set to \(size) by a caller"
        speed.transmissionUnit = size
        guard size > routeUnit else { return }
        do {
            if let setRouteMTU { try await setRoute(size, setRouteMTU) }
        } catch {
            unit.remark += "; mctpd's route is for \(routeUnit)"
        }
    }

    private func tuneTransmissionUnit(
        _ port: UInt8,
        allowed: UInt16,
        _ setRouteMTU: RouteSetter?
    ) async throws(SessionError) {
        guard let present = try await ask(ConfigurationGet.TransmissionUnitSize(port: port))
        else { return }
        speed.transmissionUnit = present
        let wanted = unit.wanted(present: present, allowed: allowed)
        if wanted == present, routeUnit == present, !isRouteUncertain { return }
        guard let setRouteMTU else {
            if wanted != present {
                unit.remark =
                    "transmission unit left alone: mctpd does not set this endpoint's route"
            }
            return
        }
        if wanted < present {
            // What the drive will not take must not be on its way any more.
            guard (try? await setRoute(wanted, setRouteMTU)) != nil else { return }
        }
        if wanted != present {
            let command = ConfigurationSet.TransmissionUnitSize(port: port, size: wanted)
            if case .refused(let why) = try await set(command) {
                unit.remark = "the drive refuses a transmission unit of \(wanted): \(why)"
                if routeUnit != present { try? await setRoute(present, setRouteMTU) }
                return
            }
        }
        switch await reach(wanted, setRouteMTU) {
        case .there(let isMctpdThere):
            guard
                try await isHeard({ () async throws(SessionError) in
                    try await self.isHeard(port, wanted)
                })
            else {
                unit.isPutBack = true
                return try await putBack(
                    wanted,
                    port,
                    setRouteMTU,
                    "the drive did not answer as it must"
                )
            }
            speed.transmissionUnit = wanted
            if wanted != present {
                unit.set(to: wanted, from: present, "transmission unit")
            } else if unit.remark.isEmpty {
                unit.remark = "transmission unit found at \(wanted)"
            }
            if !isMctpdThere { isRouteUncertain = true }
        case .refused(let why, let isForbidden):
            // One that lets the bridge set nothing says nothing of the way.
            unit.isPutBack = !isForbidden
            try await putBack(wanted, port, setRouteMTU, "mctpd: \(why)")
        }
    }

    /// What came of setting the route.
    private enum RouteOutcome {
        /// It is set; or it will be, when an mctpd that has left is back.
        case there(isMctpdThere: Bool)
        case refused(String, isForbidden: Bool)
    }

    private func reach(_ unit: UInt16, _ setRouteMTU: RouteSetter) async -> RouteOutcome {
        do {
            try await setRoute(unit, setRouteMTU)
            return .there(isMctpdThere: true)
        } catch let error as DBusError {
            // One that has left has refused nothing.
            if error.isOfAbsence { return .there(isMctpdThere: false) }
            return .refused(error.message, isForbidden: error.isStandard("AccessDenied"))
        } catch {
            return .refused("\(error)", isForbidden: false)
        }
    }

    private func putBack(
        _ wanted: UInt16,
        _ port: UInt8,
        _ setRouteMTU: RouteSetter,
        _ why: String
    ) async throws(SessionError) {
        let initial = TuningLimits.initial.transmissionUnit
        unit.raised = nil
        unit.remark = "transmission unit of \(wanted) did not work and was put back (\(why))"
        // The route first: what it does not carry, the drive cannot be told.
        if routeUnit != initial { try? await setRoute(initial, setRouteMTU) }
        speed.transmissionUnit = initial
        try await putBack(ConfigurationSet.TransmissionUnitSize(port: port, size: initial))
    }

    private func setRoute(_ unit: UInt16, _ setRouteMTU: RouteSetter) async throws {
        do {
            try await setRouteMTU(UInt32(unit) + Self.headerSize)
        } catch {
            isRouteUncertain = routeUnit != TuningLimits.initial.transmissionUnit
            throw error
        }
        routeUnit = unit
        isRouteUncertain = false
    }

    // MARK: Commands

    /// What the drive says; nil when it refuses to.
    private func ask<C: Command>(_ command: C) async throws(SessionError) -> C.Reply? {
        do {
            return try await session.perform(command, CommandOptions(priority: .control))
        } catch {
            guard case .device = error else { throw error }
            return nil
        }
    }

    /// What came of setting something.
    private enum Outcome {
        case done
        case refused(String)
        case unanswered
    }

    /// Sets something, while the drive does nothing else.
    private func set<C: Command>(
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
            if case .device = error { return .refused(BusErrors.words(for: error)) }
            guard error.evidence != .none else { throw error }
            return .unanswered
        }
    }

    /// Sets what was there before, in a drive that may not be heard until it is set.
    private func putBack<C: Command>(_ command: C) async throws(SessionError) {
        // Its slot is out of use for a while, as it did not answer the question before.
        _ = try await set(command, timeLimit: session.settings.quarantine + .seconds(5))
    }

    /// Whether a question finds what is expected; silence and nonsense of a drive are a no.
    private func isHeard(
        _ question: @LoopActor () async throws(SessionError) -> Bool
    ) async throws(SessionError) -> Bool {
        do {
            return try await question()
        } catch {
            guard error.evidence != .none else { throw error }
            return false
        }
    }

    /// Whether the drive answers with a new transmission unit, also where it takes several packets; a
    /// drive that has nothing such to say passes.
    private func isHeard(_ port: UInt8, _ size: UInt16) async throws(SessionError) -> Bool {
        guard try await ask(ConfigurationGet.TransmissionUnitSize(port: port)) == size else {
            return false
        }
        guard
            let controller = try await ask(ReadDataStructure.controllerList())?.controllers.first
        else { return true }
        var identify = Identify(.controller, on: controller, namespace: 0)
        // Dwords; the last packet of several is a short one.
        identify.dataLength = min(4096, max(512, UInt32(size) / 4 * 8 + 4))
        _ = try await ask(identify)
        return true
    }
}

extension DBusError {
    /// Whether nobody was there to answer, or the object was not.
    fileprivate var isOfAbsence: Bool {
        ["ServiceUnknown", "NameHasNoOwner", "NoReply", "Timeout", "Disconnected", "UnknownObject"]
            .contains(where: isStandard)
    }
}
