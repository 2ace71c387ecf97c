import EventLoop
import MCTP
import NVMeMI
import NVMeMIClient

extension LinkTuning {
    /// Bytes of the MCTP header, which count for a route's MTU and not for a transmission unit.
    private static let headerSize: UInt32 = 4

    /// Sets the transmission unit for a caller, and the route with it.
    ///
    /// - Throws: Why the drive could not be set, or the route could not be made narrower before.
    func setForCaller(
        transmissionUnit size: UInt16,
        _ address: EndpointAddress,
        setRouteMTU: RouteSetter?,
        _ setDrive: @LoopActor () async throws(DriveError) -> Void
    ) async throws(DriveError) {
        if size < routeUnit {
            guard let setRouteMTU else {
                throw .notAllowed(
                    "the transmission unit cannot become less than \(routeUnit), for which mctpd's route "
                        + "to the drive is set: mctpd does not let the bridge change that"
                )
            }
            do {
                try await setRoute(size, setRouteMTU)
            } catch {
                throw .directory(address, error)
            }
        }
        do {
            try await setDrive()
        } catch {
            isRouteUncertain = true
            throw error
        }
        unit.callers = size
        unit.remark = "transmission unit set to \(size) bytes by a caller"
        speed.transmissionUnit = size
        defer { describe() }
        guard size > routeUnit, let setRouteMTU else { return }
        do {
            try await setRoute(size, setRouteMTU)
        } catch {
            unit.remark += "; mctpd's route is for \(routeUnit) bytes"
        }
    }

    func tuneTransmissionUnit(
        _ trial: LinkTrial,
        allowed: UInt16,
        _ setRouteMTU: RouteSetter?
    ) async throws(SessionError) {
        let port = trial.port
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
                unit.remark = "the drive refuses a transmission unit of \(wanted) bytes: \(why)"
                if routeUnit != present { try? await setRoute(present, setRouteMTU) }
                return
            }
        }
        switch await reach(wanted, setRouteMTU) {
        case .there(let isDirectoryThere):
            guard
                try await isHeard({ () async throws(SessionError) in
                    try await trial.passes(wanted)
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
                unit.set(to: wanted, from: present, "transmission unit", in: "bytes")
            } else if unit.remark.isEmpty {
                unit.remark = "transmission unit found at \(wanted) bytes"
            }
            if !isDirectoryThere { isRouteUncertain = true }
        case .refused(let error):
            // One that lets the bridge set nothing says nothing of the way.
            unit.isPutBack = error.kind != .notPermitted
            try await putBack(wanted, port, setRouteMTU, "mctpd: \(error.message)")
        }
    }

    /// What came of setting the route.
    private enum RouteOutcome {
        /// It is set; or it will be, when a directory that has left is back.
        case there(isDirectoryThere: Bool)
        case refused(DirectoryError)
    }

    private func reach(_ unit: UInt16, _ setRouteMTU: RouteSetter) async -> RouteOutcome {
        do {
            try await setRoute(unit, setRouteMTU)
            return .there(isDirectoryThere: true)
        } catch {
            // One that has left has refused nothing.
            return error.kind == .absent ? .there(isDirectoryThere: false) : .refused(error)
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
        unit.remark = "transmission unit of \(wanted) bytes did not work and was put back (\(why))"
        // The route first: what it does not carry, the drive cannot be told.
        if routeUnit != initial { try? await setRoute(initial, setRouteMTU) }
        speed.transmissionUnit = initial
        try await putBack(ConfigurationSet.TransmissionUnitSize(port: port, size: initial))
    }

    private func setRoute(
        _ unit: UInt16,
        _ setRouteMTU: RouteSetter
    ) async throws(DirectoryError) {
        do {
            try await setRouteMTU(UInt32(unit) + Self.headerSize)
        } catch {
            isRouteUncertain = routeUnit != TuningLimits.initial.transmissionUnit
            throw error
        }
        routeUnit = unit
        isRouteUncertain = false
    }
}
