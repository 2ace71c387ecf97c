public import EventLoop
public import NVMeMIDevice

/// The drives of a simulation and their addresses.
@LoopActor
public final class SimulatedNetwork {
    /// Most drives there can be at a time.
    public static let capacity = 256

    /// The drives in the order of plugging in.
    public internal(set) var drives: [SimulatedDrive] = []
    /// MCTP network of drives that do not name one.
    public let defaultNetwork: UInt32
    /// Endpoint identifier of the machine that the simulator runs on, on every network.
    public let ownIdentifier: UInt8
    /// Whether endpoint identifiers survive a reset: true while nobody is there who would assign
    /// them again.
    public internal(set) var identifiersAreFixed = true

    private let firstIdentifier: UInt8
    private(set) var nextNumber: UInt32 = 1
    var endpoints: [Address: SimulatedEndpoint] = [:]
    private var observers: [WeakObserver] = []
    private var stallEnd: Timer?

    struct Address: Hashable {
        let network: UInt32
        let identifier: UInt8
    }

    private struct WeakObserver {
        weak var observer: (any NetworkObserver)?
    }

    /// A network without drives.
    ///
    /// - Parameters:
    ///   - defaultNetwork: MCTP network of drives that do not name one.
    ///   - firstIdentifier: Endpoint identifiers are given out from here on.
    ///   - ownIdentifier: Endpoint identifier of the machine, which no drive gets.
    public init(
        defaultNetwork: UInt32 = 1,
        firstIdentifier: UInt8 = 9,
        ownIdentifier: UInt8 = 8
    ) {
        self.defaultNetwork = defaultNetwork
        self.ownIdentifier = ownIdentifier
        self.firstIdentifier = firstIdentifier
    }

    /// Plugs a drive in.
    ///
    /// - Parameters:
    ///   - description: What the drive is.
    ///   - faults: What is wrong with it from the start.
    /// - Returns: The drive.
    /// - Throws: ``PlugError`` when there is no room for it or its address is taken.
    @discardableResult
    public func plug(
        _ description: DriveDescription,
        faults: [Fault] = []
    ) throws(PlugError) -> SimulatedDrive {
        guard drives.count < Self.capacity else { throw .tooManyDrives(Self.capacity) }
        let drive = try make(description, faults: faults) { (network) throws(PlugError) in
            try identifiers(for: description, on: network)
        }
        drives.append(drive)
        notify { $0.driveWasPlugged(drive) }
        return drive
    }

    /// A drive that has its addresses already and is not yet among ``drives``.
    func make(
        _ description: DriveDescription,
        faults: [Fault],
        identifiers: (_ network: UInt32) throws(PlugError) -> [UInt8]
    ) throws(PlugError) -> SimulatedDrive {
        do {
            try description.validate()
        } catch {
            throw .description(error.reason)
        }
        let address = description.network ?? defaultNetwork
        let drive = SimulatedDrive(
            number: nextNumber,
            description: description,
            network: self,
            address: address,
            identifiers: try identifiers(address)
        )
        nextNumber += 1
        for fault in faults { drive.device.setFault(fault) }
        for endpoint in drive.endpoints {
            endpoints[Address(network: address, identifier: endpoint.identifier)] = endpoint
        }
        return drive
    }

    /// Pulls a drive out; its addresses are free again.
    ///
    /// - Parameter drive: The drive.
    public func pull(_ drive: SimulatedDrive) {
        guard drives.contains(where: { $0 === drive }) else { return }
        notify { $0.driveWillBePulled(drive) }
        drives.removeAll { $0 === drive }
        for endpoint in drive.endpoints {
            endpoints[
                Address(network: endpoint.network, identifier: endpoint.identifier)
            ] = nil
        }
        drive.close()
    }

    /// The endpoint that the bus owner knows by an address.
    ///
    /// - Parameters:
    ///   - identifier: Endpoint identifier.
    ///   - network: MCTP network.
    /// - Returns: The endpoint; `nil` when there is none.
    public func endpoint(_ identifier: UInt8, on network: UInt32) -> SimulatedEndpoint? {
        endpoints[Address(network: network, identifier: identifier)]
    }

    /// Has nothing that is sent to the drives read for some time, and nothing of theirs passed on.
    ///
    /// - Parameter duration: For how long from now; a stall that is going on ends then, too.
    public func stallCarrier(for duration: Duration) {
        stallEnd?.cancel()
        stallEnd = EventLoop.main.schedule(after: duration) { [weak self] in
            guard let self else { return }
            stallEnd = nil
            notify { $0.carrierStalled(false) }
        }
        notify { $0.carrierStalled(true) }
    }

    /// Whether the carrier is stalled.
    public var isCarrierStalled: Bool { stallEnd != nil }

    func addObserver(_ observer: any NetworkObserver) {
        observers.append(WeakObserver(observer: observer))
    }

    func notify(_ tell: (any NetworkObserver) -> Void) {
        for entry in observers {
            if let observer = entry.observer { tell(observer) }
        }
    }

    private func identifiers(
        for description: DriveDescription,
        on network: UInt32
    ) throws(PlugError) -> [UInt8] {
        var taken = Set(endpoints.keys.lazy.filter { $0.network == network }.map(\.identifier))
        taken.insert(ownIdentifier)
        var result: [UInt8] = []
        for index in 0..<description.ports.count(where: \.isManaged) {
            var identifier = firstIdentifier
            if index < description.endpointIdentifiers.count {
                identifier = description.endpointIdentifiers[index]
                guard !taken.contains(identifier) else {
                    throw .identifierTaken(identifier, network: network)
                }
            } else {
                while taken.contains(identifier) {
                    guard identifier < 254 else { throw .noIdentifierLeft(network: network) }
                    identifier += 1
                }
            }
            taken.insert(identifier)
            result.append(identifier)
        }
        return result
    }
}
