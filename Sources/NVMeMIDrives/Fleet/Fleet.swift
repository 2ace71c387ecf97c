public import EventLoop
public import Logging
public import MCTP

/// All drives, and all ways to them.
@LoopActor
public final class Fleet: ModelObject {
    /// Endpoints that are kept at most: more than any machine has, and as much as memory allows.
    public static let endpointLimit = 1024

    /// By what messages are carried.
    public let transport: any Transport
    /// Its settings; see ``apply(_:)``.
    public private(set) var settings: FleetSettings
    /// Who knows the endpoints and their routes.
    public weak var directory: (any EndpointDirectory)?
    /// Who shows the model.
    public weak var observer: (any FleetObserver)? {
        didSet { if let observer { roster.tell(observer) } }
    }
    /// Called when no endpoint is being asked what it is any more, which took much memory for a short time.
    public var onSettled: (@LoopActor () -> Void)?
    /// What the machine's inventory has told of places.
    private var knownPlaces: [EndpointAddress: KnownPlace] = [:]
    /// Whether the host is known to be off, with which drives sleep: one that is silent then has not failed.
    public var isHostAsleep = false {
        didSet { if isHostAsleep != oldValue { hostPowerChanged() } }
    }
    let logger: Logger
    var places = Places()
    /// Endpoints that are being asked what they are.
    private var looks = 0
    private var settleTimer: Timer?
    let roster = DriveRoster()
    /// What is done to drives, and takes longer than a call.
    public private(set) lazy var jobs = Jobs(of: self)
    /// Endpoints that were removed and whose tasks have not ended yet.
    private var ending: [ObjectIdentifier: Task<Void, Never>] = [:]
    var graceTimer: Timer?
    /// Whether the directory was away since its last listing: what it lists may have changed meanwhile.
    var wasDirectoryAway = false
    var isLimitTold = false
    private var isNetworkTold = false

    /// A fleet without endpoints.
    public init(over transport: any Transport, settings: FleetSettings, logger: Logger) {
        self.transport = transport
        self.settings = settings
        self.logger = logger
    }

    /// The endpoints, in the order of their addresses.
    public var endpoints: [Endpoint] { places.sorted }

    /// How many endpoints there are.
    public var endpointCount: Int { places.count }

    /// The drives, in the order of their names.
    public var drives: [Drive] { roster.drives.sorted { $0.name < $1.name } }

    /// How many endpoints were removed whose tasks have not ended yet.
    public var endingEndpoints: Int { ending.count }

    /// The endpoint at an address; nil when there is none.
    public subscript(address: EndpointAddress) -> Endpoint? { places[address] }

    /// Takes over changed settings; sessions use them from their next command on.
    public func apply(_ settings: FleetSettings) {
        self.settings = settings
        for endpoint in places.all {
            endpoint.recovery.settingsChanged()
            endpoint.health.wantedInterval = nil
            endpoint.settingsChanged()
        }
        jobs.settingsChanged()
    }

    /// Asks every endpoint anew for what it is, also for what it has refused for good.
    public func look() {
        for endpoint in places.all {
            endpoint.inventory.forgetRefusals()
            endpoint.life.look()
        }
    }

    /// Tries endpoints that could not be reached again at once, when the way to them is back.
    public func carrierReturned() {
        for endpoint in places.all where endpoint.state != .ready { endpoint.life.look() }
    }

    /// Takes note of where an endpoint's drive is, as the machine's inventory tells.
    ///
    /// A drive that was named for its serial number before is named for its place from now on.
    public func placeBecameKnown(_ place: KnownPlace, of address: EndpointAddress) {
        // Who has gone while that was asked takes it along.
        guard let endpoint = places[address] else { return }
        knownPlaces[address] = place
        endpoint.placeMayHaveChanged()
        if endpoint.drive != nil { assign(endpoint) }
    }

    /// Where the drive at an address is by the machine's inventory; nil while that has not told.
    public func knownPlace(of address: EndpointAddress) -> KnownPlace? { knownPlaces[address] }

    private func hostPowerChanged() {
        // When the host runs, so may a drive that was silent.
        if !isHostAsleep {
            for endpoint in places.all where endpoint.state != .ready { endpoint.life.look() }
        }
        for drive in roster.drives { observer?.changed(drive) }
        for endpoint in places.all { endpoint.judgeDrive() }
    }

    /// Removes everything, and waits until nothing runs any more.
    public func end(reason: String) async {
        await jobs.end(reason: reason)
        graceTimer?.cancel()
        settleTimer?.cancel()
        for endpoint in places.sorted { remove(endpoint, reason: reason) }
        for task in ending.values { await task.value }
    }

    func lookBegan() { looks += 1 }

    func lookEnded() {
        looks -= 1
        guard looks == 0, settleTimer == nil else { return }
        // What the tasks themselves took is free only when they have ended.
        settleTimer = EventLoop.main.schedule(after: Self.settleTime) { [weak self] in
            guard let self else { return }
            settleTimer = nil
            if looks == 0 { onSettled?() }
        }
    }

    private static let settleTime: Duration = .milliseconds(200)

    // MARK: Endpoints

    func add(_ found: FoundEndpoint) {
        guard places.count < Self.endpointLimit else {
            if !isLimitTold {
                logger.warning(
                    "more endpoints than are kept; the rest is left out",
                    metadata: ["limit": "\(Self.endpointLimit)"]
                )
            }
            isLimitTold = true
            return
        }
        guard transport.tellsNetworksApart || !isOfAnotherNetwork(found) else { return }
        let endpoint = Endpoint(found, in: self)
        places.add(endpoint)
        var metadata: Logger.Metadata = ["endpoint": "\(found.address)", "uuid": "\(found.uuid)"]
        if let physical = found.physicalAddress { metadata["at"] = "\(physical)" }
        logger.notice("found", metadata: metadata)
        observer?.appeared(endpoint)
        observer?.changed(self)
        endpoint.life.look()
    }

    /// Whether an endpoint is of another network than those that are there, which a carrier without networks would
    /// take for one of theirs; the log is told once.
    private func isOfAnotherNetwork(_ found: FoundEndpoint) -> Bool {
        guard let known = places.all.first, known.address.network != found.address.network else {
            return false
        }
        if !isNetworkTold {
            logger.error(
                "left out: this carrier cannot tell networks apart",
                metadata: [
                    "endpoint": "\(found.address)", "carrier": "\(transport.description)",
                    "network": "\(known.address.network.rawValue)",
                    "help":
                        "have mctpd use one network, or take AF_MCTP sockets: --transport kernel",
                ]
            )
        }
        isNetworkTold = true
        return true
    }

    func remove(_ endpoint: Endpoint, reason: String) {
        places.remove(endpoint)
        var metadata = endpoint.drive?.labels ?? [:]
        metadata["endpoint"] = "\(endpoint.address)"
        metadata["reason"] = "\(reason)"
        if !endpoint.location.isEmpty { metadata["place"] = "\(endpoint.location)" }
        logger.notice("gone", metadata: metadata)
        endpoint.end(reason: reason)
        observer?.vanished(endpoint)
        _ = roster.remove(endpoint)
        // The next one at the address may be in another place.
        knownPlaces[endpoint.address] = nil
        observer?.changed(self)
        ending[ObjectIdentifier(endpoint)] = EventLoop.main.spawn { [self] in
            await endpoint.ended()
            ending[ObjectIdentifier(endpoint)] = nil
            transport.forget(endpoint.address)
        }
    }

    /// Puts an endpoint anew, as another drive has taken the place of the one that it stood for.
    func swap(_ endpoint: Endpoint, reason: String) {
        guard places[endpoint.address] === endpoint else { return }
        remove(endpoint, reason: reason)
        add(endpoint.found)
    }

    /// Puts an endpoint to its drive, as far as that is known.
    func assign(_ endpoint: Endpoint) {
        guard places[endpoint.address] === endpoint else { return }
        let before = endpoint.drive
        if roster.assign(endpoint) { observer?.changed(self) }
        if let drive = endpoint.drive, drive !== before { jobs.found(drive) }
        if let drive = endpoint.drive { observer?.changed(drive) }
        endpoint.judgeDrive()
    }
}
