internal import EventLoop

/// Learns what happens to the drives of a simulation.
@LoopActor
protocol NetworkObserver: AnyObject {
    func driveWasPlugged(_ drive: SimulatedDrive)
    func driveWillBePulled(_ drive: SimulatedDrive)
    func connectivityChanged(_ endpoint: SimulatedEndpoint)
    func endpointWasReset(_ endpoint: SimulatedEndpoint)
    func identifierChanged(of endpoint: SimulatedEndpoint, from identifier: UInt8)
    func driveWasSwapped(_ drive: SimulatedDrive, for successor: SimulatedDrive)
    func carrierStalled(_ isStalled: Bool)
}

extension NetworkObserver {
    func driveWasPlugged(_ drive: SimulatedDrive) {}
    func driveWillBePulled(_ drive: SimulatedDrive) {}
    func connectivityChanged(_ endpoint: SimulatedEndpoint) {}
    func endpointWasReset(_ endpoint: SimulatedEndpoint) {}
    func identifierChanged(of endpoint: SimulatedEndpoint, from identifier: UInt8) {}
    func driveWasSwapped(_ drive: SimulatedDrive, for successor: SimulatedDrive) {}
    func carrierStalled(_ isStalled: Bool) {}
}
