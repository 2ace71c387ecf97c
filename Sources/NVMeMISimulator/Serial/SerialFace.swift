internal import EventLoop

/// Puts every endpoint of a simulation behind a terminal of its own.
@LoopActor
final class SerialFace {
    private let attachesKernel: Bool
    private var links: [ObjectIdentifier: SerialLink] = [:]
    /// Called with what went wrong when a drive that is plugged in later gets no terminal.
    var onFailure: ((any Error) -> Void)?

    /// Opens terminals for the drives that are there, and for those that come.
    init(simulation: SimulatedNetwork, attachesKernel: Bool) throws {
        self.attachesKernel = attachesKernel
        for drive in simulation.drives { try open(drive) }
        simulation.addObserver(self)
    }

    /// The terminal's line to an endpoint.
    func link(of endpoint: SimulatedEndpoint) -> SerialLink? {
        links[ObjectIdentifier(endpoint)]
    }

    /// Closes every terminal.
    func close() {
        for link in links.values { link.close() }
        links = [:]
    }

    private func open(_ drive: SimulatedDrive) throws {
        for endpoint in drive.endpoints {
            let link = try SerialLink(endpoint: endpoint, attachesKernel: attachesKernel)
            link.isStalled = drive.network.isCarrierStalled
            links[ObjectIdentifier(endpoint)] = link
            endpoint.terminal = link.path
            endpoint.networkInterface = link.interface
        }
    }
}

extension SerialFace: NetworkObserver {
    func driveWasPlugged(_ drive: SimulatedDrive) {
        do {
            try open(drive)
        } catch {
            onFailure?(error)
        }
    }

    func driveWillBePulled(_ drive: SimulatedDrive) {
        for endpoint in drive.endpoints {
            links.removeValue(forKey: ObjectIdentifier(endpoint))?.close()
        }
    }

    func endpointWasReset(_ endpoint: SimulatedEndpoint) {
        links[ObjectIdentifier(endpoint)]?.reset()
    }

    func driveWasSwapped(_ drive: SimulatedDrive, for successor: SimulatedDrive) {
        for (endpoint, other) in zip(drive.endpoints, successor.endpoints) {
            guard let link = links.removeValue(forKey: ObjectIdentifier(endpoint)) else { continue }
            link.lead(to: other)
            links[ObjectIdentifier(other)] = link
            other.terminal = link.path
            other.networkInterface = link.interface
        }
    }

    func carrierStalled(_ isStalled: Bool) {
        for link in links.values { link.isStalled = isStalled }
    }
}
