public import EventLoop
public import NVMeMIDevice

/// A simulated drive that is plugged in.
@LoopActor
public final class SimulatedDrive {
    /// Number of the drive, from 1 in the order of plugging in; never used again.
    public let number: UInt32
    /// What to call the drive.
    public let label: String
    /// The drive itself.
    public let device: Drive
    /// Its managed ports.
    public private(set) var endpoints: [SimulatedEndpoint] = []

    /// Called after the condition of the drive or of an endpoint has changed.
    var onChange: (() -> Void)?
    unowned let network: SimulatedNetwork

    init(
        number: UInt32,
        description: DriveDescription,
        network: SimulatedNetwork,
        address: UInt32,
        identifiers: [UInt8]
    ) {
        self.number = number
        self.network = network
        label = description.label.isEmpty ? "drive \(number)" : description.label
        device = Drive(description, at: EventLoop.main.deviceTime)
        endpoints = zip(device.endpoints, identifiers).map { endpoint, identifier in
            SimulatedEndpoint(
                drive: self,
                device: endpoint,
                network: address,
                identifier: identifier
            )
        }
        // The drive calls only while one of the loop's own calls is under way.
        device.onReset = { [weak self] in
            LoopActor.assumeIsolated { self?.didReset() }
        }
        device.onChange = { [weak self] in
            LoopActor.assumeIsolated { self?.didChange() }
        }
    }

    /// Resets the drive as if its power had gone for a moment.
    public func reset() {
        device.reset(at: EventLoop.main.deviceTime)
    }

    /// Breaks or restores the connection to the drive; the bus owner notices at once.
    ///
    /// - Parameter isConnected: Whether messages get through.
    public func setConnected(_ isConnected: Bool) {
        for endpoint in endpoints where endpoint.isConnected != isConnected {
            endpoint.isConnected = isConnected
            network.notify { $0.connectivityChanged(endpoint) }
        }
        onChange?()
    }

    /// Loses every message both ways for some time; the bus owner does not notice.
    ///
    /// - Parameter duration: For how long from now.
    public func interrupt(for duration: Duration) {
        for endpoint in endpoints { endpoint.interrupt(for: duration) }
    }

    /// Whether messages get through to every endpoint.
    public var isConnected: Bool { endpoints.allSatisfy(\.isConnected) }

    func close() {
        device.onReset = nil
        device.onChange = nil
        for endpoint in endpoints { endpoint.close() }
    }

    private func didChange() {
        // An event may have to be told.
        for endpoint in endpoints { endpoint.schedule() }
        onChange?()
    }

    private func didReset() {
        for endpoint in endpoints {
            endpoint.isAssigned = network.identifiersAreFixed
            network.notify { $0.endpointWasReset(endpoint) }
        }
    }
}

extension SimulatedDrive {
    /// Whether a reset is going on.
    var isResetting: Bool { device.isResetting(at: EventLoop.main.deviceTime) }
}
