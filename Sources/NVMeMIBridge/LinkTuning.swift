import DBus
import EventLoop
import NVMeMI
import NVMeMIClient

/// How fast the way to an endpoint is, and what came of making it faster.
struct LinkSpeed: Equatable, Sendable {
    /// What every way begins with, in bytes of payload.
    static let initialTransmissionUnit: UInt16 = 64

    /// The drive's MCTP transmission unit in bytes of payload, 0 when it is not known.
    var transmissionUnit: UInt16 = 0
    /// The drive's SMBus frequency in hertz; 0 when it is not known or there is none.
    var smbusFrequency: UInt32 = 0
    /// What came of it, in words.
    var tuning = "not yet"
    /// Whether mctpd's route was set to the transmission unit, and nothing has happened to it since.
    var isRouteSet = false
    /// What did not work and was put back is not tried again before the way is a new one.
    var isFrequencyPutBack = false
    var isUnitPutBack = false
}

/// Raises the transmission unit and the frequency of the way to a drive as far as both sides can.
///
/// Each is a transaction: what the drive has is read, the drive is set, then mctpd's route, then both are
/// tried with a command; when anything of that fails, both are put back. The drive is set first because a
/// route with larger packets than the drive takes would cut it off; a drive with larger packets than the
/// route still hears what it is told.
@LoopActor
struct LinkTuning {
    typealias RouteSetter = @LoopActor (UInt32) async throws -> Void

    private let session: EndpointSession
    private let settings: DriveSettings
    /// Sets the MTU of the route, MCTP header included; nil where mctpd does not set this endpoint's.
    private let setRouteMTU: RouteSetter?
    /// What was known before; the route's MTU cannot be read.
    private let before: LinkSpeed
    private var speed = LinkSpeed()
    private var remarks: [String] = []

    /// Bytes of the MCTP header, which count for a route's MTU and not for a transmission unit.
    private static let headerSize: UInt32 = 4

    /// The tuning of one endpoint's way.
    init(
        _ session: EndpointSession,
        _ settings: DriveSettings,
        from before: LinkSpeed,
        setRouteMTU: RouteSetter?
    ) {
        self.session = session
        self.settings = settings
        self.before = before
        self.setRouteMTU = setRouteMTU
    }

    /// Tunes the way through the port that the endpoint is behind.
    ///
    /// - Throws: When the drive no longer answers; a drive or an mctpd that refuses is a result.
    mutating func run(_ ports: [UInt8: PortInformation]) async throws(SessionError) -> LinkSpeed {
        guard let (number, port) = Self.port(of: ports) else {
            speed.tuning = "not possible: which port the endpoint is behind is not known"
            return speed
        }
        if port.twoWire != nil {
            try await tuneFrequency(port, number)
        }
        try await tuneTransmissionUnit(port, number)
        if remarks.isEmpty {
            // Unless it is as it was left, when the remarks of then hold.
            let isAsBefore =
                speed.transmissionUnit == before.transmissionUnit
                && speed.smbusFrequency == before.smbusFrequency
            remarks = [isAsBefore ? before.tuning : "nothing to raise"]
        }
        speed.tuning = remarks.joined(separator: "; ")
        return speed
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

    private mutating func tuneFrequency(
        _ port: PortInformation,
        _ number: UInt8
    ) async throws(SessionError) {
        guard let present = try await frequency(of: number) else { return }
        speed.smbusFrequency = present
        let greatest = port.twoWire?.maximumManagementEndpointFrequency.hertz ?? 0
        speed.isFrequencyPutBack = before.isFrequencyPutBack
        let wanted = before.isFrequencyPutBack ? 0 : min(greatest, settings.smbusFrequency)
        guard wanted > present, let code = SMBusFrequency(hertz: wanted),
            let old = SMBusFrequency(hertz: present)
        else { return }
        guard
            try await set(ConfigurationSet.SMBusFrequency(port: number, frequency: code)) == nil
        else {
            remarks.append("the drive refuses an SMBus frequency of \(wanted) Hz")
            return
        }
        if try await isHeard(at: wanted, number) {
            speed.smbusFrequency = wanted
            remarks.append("SMBus frequency raised to \(wanted) Hz")
        } else {
            _ = try await set(ConfigurationSet.SMBusFrequency(port: number, frequency: old))
            speed.isFrequencyPutBack = true
            remarks.append("SMBus frequency of \(wanted) Hz did not work and was put back")
        }
    }

    private func frequency(of port: UInt8) async throws(SessionError) -> UInt32? {
        try await ask(ConfigurationGet.SMBusFrequency(port: port))?.hertz
    }

    // MARK: Transmission unit

    private mutating func tuneTransmissionUnit(
        _ port: PortInformation,
        _ number: UInt8
    ) async throws(SessionError) {
        guard let present = try await ask(ConfigurationGet.TransmissionUnitSize(port: number))
        else { return }
        speed.transmissionUnit = present
        let initial = LinkSpeed.initialTransmissionUnit
        let wanted =
            before.isUnitPutBack
            ? initial : min(port.maximumTransmissionUnitSize, settings.transmissionUnit)
        speed.isUnitPutBack = before.isUnitPutBack
        if present == wanted, before.transmissionUnit == wanted, before.isRouteSet {
            speed.isRouteSet = true
            return
        }
        guard wanted > initial else {
            if before.transmissionUnit > present, let setRouteMTU {
                // The drive has forgotten what it was set to.
                try? await setRouteMTU(UInt32(initial) + Self.headerSize)
            }
            return
        }
        guard let setRouteMTU else {
            remarks.append("transmission unit left alone: mctpd does not set this endpoint's route")
            return
        }
        if present != wanted {
            let command = ConfigurationSet.TransmissionUnitSize(port: number, size: wanted)
            if let refusal = try await set(command) {
                remarks.append("the drive refuses a transmission unit of \(wanted): \(refusal)")
                return
            }
        }
        var problem: String?
        // An mctpd that has left has refused nothing: it is asked when it is back. One that lets the bridge
        // set nothing says nothing of the way.
        var isMctpdThere = true
        var isForbidden = false
        do {
            try await setRouteMTU(UInt32(wanted) + Self.headerSize)
        } catch let error as DBusError where error.isOfAbsence {
            isMctpdThere = false
        } catch {
            let refusal = error as? DBusError
            problem = "mctpd: \(refusal?.message ?? "\(error)")"
            isForbidden = refusal?.isStandard("AccessDenied") ?? false
        }
        if problem == nil, try await !isHeard(number, wanted) {
            problem = "the drive did not answer as it must"
        }
        guard let problem else {
            speed.transmissionUnit = wanted
            speed.isRouteSet = isMctpdThere
            let rest = isMctpdThere ? "" : ", the route's when mctpd is back"
            remarks.append("transmission unit raised to \(wanted)\(rest)")
            return
        }
        // The route first: what it does not carry, the drive cannot be told.
        try? await setRouteMTU(UInt32(initial) + Self.headerSize)
        _ = try await set(ConfigurationSet.TransmissionUnitSize(port: number, size: initial))
        speed.transmissionUnit = initial
        speed.isUnitPutBack = !isForbidden
        remarks.append("transmission unit of \(wanted) did not work and was put back (\(problem))")
    }

    // MARK: Commands

    private static let options = CommandOptions(priority: .control, isExclusive: true)

    /// What the drive says; nil when it refuses to.
    private func ask<C: Command>(_ command: C) async throws(SessionError) -> C.Reply? {
        do {
            return try await session.perform(command, Self.options)
        } catch {
            guard case .device = error else { throw error }
            return nil
        }
    }

    /// Sets something; returns why the drive refuses it, if it does.
    private func set<C: Command>(_ command: C) async throws(SessionError) -> String? {
        do {
            _ = try await session.perform(command, Self.options)
            return nil
        } catch {
            guard case .device = error else { throw error }
            return BusErrors.words(for: error)
        }
    }

    /// Whether the drive answers at a new frequency.
    private func isHeard(
        at frequency: UInt32,
        _ port: UInt8
    ) async throws(SessionError) -> Bool {
        do {
            return try await self.frequency(of: port) == frequency
        } catch {
            try rethrowEnd(error)
            return false
        }
    }

    /// Whether the drive answers with a new transmission unit, also at length.
    private func isHeard(_ port: UInt8, _ unit: UInt16) async throws(SessionError) -> Bool {
        do {
            let present = try await ask(ConfigurationGet.TransmissionUnitSize(port: port))
            guard present == unit else { return false }
            return try await isLongAnswerHeard()
        } catch {
            try rethrowEnd(error)
            return false
        }
    }

    /// Throws what ends the whole; silence and nonsense of a drive do not.
    private func rethrowEnd(_ error: SessionError) throws(SessionError) {
        switch error {
        case .cancelled, .closed, .argument: throw error
        default: break
        }
    }

    /// Reads something that takes several packets; a drive that has nothing such passes.
    private func isLongAnswerHeard() async throws(SessionError) -> Bool {
        guard
            let controller = try await ask(ReadDataStructure.controllerList())?.controllers.first
        else { return true }
        var identify = Identify(.controller, on: controller, namespace: 0)
        identify.dataLength = Self.trialLength
        _ = try await ask(identify)
        return true
    }

    /// Bytes of Identify that are read as a trial: several packets at any transmission unit up to 255.
    private static let trialLength: UInt32 = 512
}

extension DBusError {
    /// Whether nobody was there to answer, or the object was not.
    fileprivate var isOfAbsence: Bool {
        ["ServiceUnknown", "NameHasNoOwner", "NoReply", "Timeout", "Disconnected", "UnknownObject"]
            .contains(where: isStandard)
    }
}
