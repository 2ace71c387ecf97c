internal import DBus
internal import EventLoop
internal import NVMeMIDevice

/// A drive's endpoint as mctpd publishes it.
@LoopActor
final class PublishedEndpoint {
    /// The endpoint that answers here; another one than was published after a swap.
    var endpoint: SimulatedEndpoint
    /// The UUID that the endpoint told when it was published.
    private let uuid: DeviceUUID?
    private let path: ObjectPath
    private let recoverInterval: Duration
    private weak var standIn: MctpdStandIn?
    private var isAvailable: Bool
    private var pollsLeft = 0
    private var timer: Timer?
    /// MTU of the route, with the MCTP header.
    private(set) var routeMTU: UInt32 = 68

    init(
        _ endpoint: SimulatedEndpoint,
        path: ObjectPath,
        recoverInterval: Duration,
        standIn: MctpdStandIn
    ) {
        self.endpoint = endpoint
        uuid = endpoint.uuid
        self.path = path
        self.recoverInterval = recoverInterval
        self.standIn = standIn
        isAvailable = endpoint.isConnected
    }

    func setAvailable(_ isAvailable: Bool) {
        guard isAvailable != self.isAvailable else { return }
        self.isAvailable = isAvailable
        standIn?.connectivityChanged(at: path)
    }

    /// Polls the endpoint at once and twice more; it is given up when it answers none.
    private func recover() {
        setAvailable(false)
        pollsLeft = 3
        timer?.cancel()
        timer = EventLoop.main.schedule(after: .zero) { [weak self] in self?.poll() }
    }

    func stopRecovering() {
        timer?.cancel()
        timer = nil
    }

    private func poll() {
        pollsLeft -= 1
        if endpoint.isReachable, !endpoint.drive.isResetting {
            // A drive that was reset answers that it has no identifier, and gets its own again,
            // if it can be told from any other drive.
            guard endpoint.isAssigned || isKnownToBeTheSame else {
                standIn?.replace(path, with: endpoint)
                return
            }
            endpoint.isAssigned = true
            setAvailable(true)
        } else if pollsLeft > 0 {
            timer = EventLoop.main.schedule(after: recoverInterval) { [weak self] in
                self?.poll()
            }
        } else {
            standIn?.withdraw(path)
        }
    }

    private var isKnownToBeTheSame: Bool {
        guard let uuid, uuid == endpoint.uuid else { return false }
        return uuid.bytes.contains { $0 != 0 }
    }

    private func setMTU(_ mtu: UInt32) throws(DBusError) {
        let port = endpoint.drive.device.description.ports[Int(endpoint.port)]
        // The kernel's MCTP over serial has packets of one size only.
        let unit = endpoint.terminal == nil ? max(64, port.maximumTransmissionUnit) : 64
        let largest = UInt32(unit) + 4
        guard (68...largest).contains(mtu) else {
            throw .invalidArgs("MTU \(mtu) is not in 68…\(largest)")
        }
        routeMTU = mtu
    }

    static let endpointInterface = Interface<PublishedEndpoint>(
        MctpdNames.endpoint,
        documentation: "An MCTP endpoint."
    ) {
        Property("EID", "Endpoint identifier.", .constant) { (object: PublishedEndpoint) in
            object.endpoint.identifier
        }
        Property("NetworkId", "Network.", .constant) { (object: PublishedEndpoint) in
            object.endpoint.network
        }
        Property("SupportedMessageTypes", "Message types.", .constant) {
            (_: PublishedEndpoint) in [UInt8(0), UInt8(4)]
        }
        Property("VendorDefinedMessageTypes", "Vendor defined types.", .constant) {
            (_: PublishedEndpoint) in [Structure<UInt8, Variant, UInt16>]()
        }
    }

    static let identity = Interface<PublishedEndpoint>(
        MctpdNames.identity,
        documentation: "The identity of an endpoint."
    ) {
        Property("UUID", "UUID of the endpoint.", .constant) { (object: PublishedEndpoint) in
            object.uuid?.description ?? ""
        }
    }

    static let control = Interface<PublishedEndpoint>(
        MctpdNames.control,
        documentation: "What can be done to an endpoint."
    ) {
        Property("Connectivity", "Available or Degraded.", .emitsChange) {
            (object: PublishedEndpoint) in object.isAvailable ? "Available" : "Degraded"
        }
        Method(
            "SetMTU",
            "Sets the MTU of the route, the MCTP header included.",
            in: ["mtu"]
        ) { (object: PublishedEndpoint, call: Invocation, mtu: UInt32) async throws in
            try await object.standIn?.admit(.setMTU, call)
            try object.setMTU(mtu)
        }
        Method("Remove", "Removes the endpoint.") {
            (object: PublishedEndpoint, call: Invocation) async throws in
            try await object.standIn?.admit(.remove, call)
            object.standIn?.withdraw(object.path)
        }
        Method(
            "Recover",
            "Polls the endpoint; without an answer it is removed."
        ) { (object: PublishedEndpoint, call: Invocation) async throws in
            try await object.standIn?.admit(.recover, call)
            object.recover()
        }
    }
}
