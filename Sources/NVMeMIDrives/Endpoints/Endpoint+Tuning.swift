import EventLoop
import Logging
public import NVMeMI

extension Endpoint {
    /// Sets the MTU of the directory's route to the endpoint; nil where the directory does not.
    var routeSetter: LinkTuning.RouteSetter? {
        guard found.isControllable, let directory = fleet.directory, directory.mayControl else {
            return nil
        }
        return { [address] mtu throws(DirectoryError) in
            try await directory.setRouteMTU(mtu, of: address)
        }
    }

    /// Tells when the way has another speed than before.
    func speedMayHaveChanged() {
        guard let former = link.takeNews() else { return }
        if link.speed.tuning != former.tuning {
            logger.info("speed of the way", metadata: ["result": "\(link.speed.tuning)"])
        }
        changed()
    }

    /// Sets an SMBus frequency for somebody.
    public func set(
        _ command: ConfigurationSet.SMBusFrequency,
        for requester: Requester
    ) async throws(DriveError) {
        _ = try await perform(command, for: requester, isWriting: true)
        guard isBehind(port: command.port) else { return }
        link.callerHasSet(frequency: command.frequency.hertz ?? 0)
        speedMayHaveChanged()
    }

    /// Sets a transmission unit for somebody; where the endpoint is behind the port, the route as well.
    public func set(
        _ command: ConfigurationSet.TransmissionUnitSize,
        for requester: Requester
    ) async throws(DriveError) {
        let setDrive = { @LoopActor @Sendable [self] () async throws(DriveError) in
            // What happens to a command in the other slot meanwhile is not defined.
            _ = try await perform(command, for: requester, isWriting: true, isExclusive: true)
        }
        guard isBehind(port: command.port) else { return try await setDrive() }
        defer { speedMayHaveChanged() }
        try await link.setForCaller(
            transmissionUnit: command.size,
            address,
            setRouteMTU: routeSetter,
            setDrive
        )
    }

    /// Whether the endpoint is known to be behind a port.
    private func isBehind(port: UInt8) -> Bool {
        inventory.ownPort.map { $0.number == port } ?? false
    }
}
