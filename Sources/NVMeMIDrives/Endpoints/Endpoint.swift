public import EventLoop
public import Logging
public import MCTP
import NVMeMI
public import NVMeMIClient

/// One way to a drive: what is known of it, and those who see to it.
///
/// Each of these knows one thing only: ``Inventory`` what the endpoint says it is, ``Health`` how it says
/// it is, ``LinkTuning`` how fast the way to it is, `Recovery` what to do about its silence, and
/// `EndpointLife` when which of them is due.
@LoopActor
public final class Endpoint: ModelObject {
    /// As the directory of endpoints describes it.
    public internal(set) var found: FoundEndpoint
    /// Its session.
    public let session: EndpointSession
    /// What it says it is.
    public let inventory: Inventory
    /// How it says it is.
    public let health: Health
    /// How fast the way to it is.
    public let link: LinkTuning
    /// Where it is in its life.
    public private(set) var state = EndpointState.initializing
    /// Why it is in its state, what is done about it and what to try; empty when it is ready and all is known.
    public private(set) var stateReason = StateReason.found
    /// When ``state`` last changed, in milliseconds of Unix time.
    public private(set) var stateSince = WallClock.nanoseconds / 1_000_000
    /// The drive that it is a way to; nil before it was asked the first time.
    public internal(set) weak var drive: Drive?
    /// Whether the directory has named it since that came.
    var isConfirmed = true
    /// Whether it can be reached again and was not asked anything since.
    var isReturning = false

    /// The fleet that it is of.
    public let fleet: Fleet
    /// What is told of it; says in each entry which endpoint it is, and where.
    public private(set) var logger: Logger
    /// Where in the machine the drive behind it is; empty where nobody has said.
    public private(set) var location: String
    /// The slot that was told last.
    private var toldSlot: UInt32?
    private(set) lazy var recovery = Recovery(of: self)
    private(set) lazy var life = EndpointLife(of: self)

    init(_ found: FoundEndpoint, in fleet: Fleet) {
        self.found = found
        self.fleet = fleet
        var logger = fleet.logger
        logger[metadataKey: "endpoint"] = "\(found.address)"
        location = Self.location(of: found, in: fleet)
        if !location.isEmpty { logger[metadataKey: "place"] = "\(location)" }
        self.logger = logger
        let settings = fleet.settings.drive(nil)
        session = EndpointSession(
            to: found.address,
            over: fleet.transport,
            settings: settings.session
        )
        inventory = Inventory()
        link = LinkTuning(session)
        health = Health(interval: settings.healthInterval)
        session.onGapLearnt = { [weak self] gap in
            self?.logger.notice(
                "the drive loses commands that come too soon after its last message",
                metadata: ["gap-us": "\(gap.wholeNanoseconds / 1000)"]
            )
        }
        health.endpoint = self
        health.onReschedule = { [unowned self] in healthPollingChanged() }
    }

    /// Its address.
    public var address: EndpointAddress { found.address }
    /// Who the drive behind it is; nil when no controller has told.
    public var identity: DriveIdentity? { inventory.identity }
    /// The other endpoints of its drive.
    public var siblings: [Endpoint] {
        drive.map { drive in drive.endpoints.filter { $0 !== self } } ?? []
    }
    /// Whether commands can be sent to it.
    var isReachable: Bool { found.isConnected && !recovery.isUnderWay }
    /// How it is treated.
    var settings: DriveSettings { fleet.settings.drive(identity) }

    /// Takes everything back; open commands fail with the reason.
    func end(reason: String) {
        life.end()
        recovery.end()
        health.end()
        session.close(reason: reason)
        for object in inventory.objects { fleet.observer?.vanished(object) }
        // They refer to the endpoint, as calls to them may still be under way.
        inventory.removeObjects()
    }

    /// Waits until nothing of the endpoint runs any more.
    func ended() async {
        await life.ended()
        await recovery.ended()
    }

    /// A part of the inventory has been told or refused: what is said to be missing follows at once.
    func partSettled() {
        if state == .ready { enter(.ready, inventory.reasonOfWhatIsMissing) }
    }

    /// Says that something of it may be different now.
    func changed() {
        fleet.observer?.changed(self)
    }

    /// Takes over settings that may have changed, or that its identity brings with it.
    func settingsChanged() {
        placeMayHaveChanged()
        let settings = settings
        session.settings = settings.session
        health.configuredInterval = settings.healthInterval
        healthPollingChanged()
        judgeDrive()
        if let limits = link.limits, limits != settings.tuningLimits { life.look() }
    }

    private static func location(of found: FoundEndpoint, in fleet: Fleet) -> String {
        fleet.knownPlace(of: found.address)?.location ?? fleet.settings.place(of: found)
    }

    /// The number of the slot that its drive is in; nil where nobody has said.
    public var slot: UInt32? {
        fleet.knownPlace(of: address).map(\.slot) ?? fleet.settings.slot(of: found)
    }

    /// Asks where it is on its medium, where nobody knew when it was found.
    func learnPhysicalAddress() {
        guard found.physicalAddress == nil else { return }
        found.physicalAddress = fleet.transport.physicalAddress(of: address)
        guard found.physicalAddress != nil else { return }
        changed()
        placeMayHaveChanged()
    }

    /// Takes note that somebody may have told where its drive is.
    func placeMayHaveChanged() {
        let told = Self.location(of: found, in: fleet)
        guard told != location || slot != toldSlot else { return }
        location = told
        toldSlot = slot
        logger[metadataKey: "place"] = told.isEmpty ? nil : "\(told)"
        changed()
        if let drive { fleet.observer?.changed(drive) }
    }

    /// Takes note of another interval or a pause of the health polls.
    func healthPollingChanged() {
        life.scheduleHealthPoll()
        fleet.observer?.changed(health)
    }

    func enter(_ newState: EndpointState, _ reason: StateReason) {
        guard newState != state || reason != stateReason else { return }
        let isNew = newState != state
        state = newState
        stateReason = reason
        if isNew { stateSince = WallClock.nanoseconds / 1_000_000 }
        changed()
        if let drive {
            drive.noteState()
            fleet.observer?.changed(drive)
        }
        if isNew { tellLog(newState, reason) }
        judgeDrive()
    }

    /// Takes note that the directory cannot reach it, where it says so and not because it recovers it.
    func enterDegraded() {
        guard !found.isConnected, !recovery.isUnderWay else { return }
        enter(.unavailable, .degraded)
    }

    private func tellLog(_ state: EndpointState, _ reason: StateReason) {
        var metadata = drive?.labels ?? [:]
        if !reason.detail.isEmpty { metadata["reason"] = "\(reason.detail)" }
        switch state {
        case .ready, .initializing: logger.notice("\(state.rawValue)", metadata: metadata)
        case .unavailable, .failed: logger.warning("\(state.rawValue)", metadata: metadata)
        }
    }
}

// MARK: What the directory says

extension Endpoint {
    /// Takes note of what the directory says of the endpoint.
    func confirm(_ found: FoundEndpoint) {
        isConfirmed = true
        let wasConnected = self.found.isConnected
        let former = self.found
        self.found = found.completed(from: former)
        if self.found.uuid != former.uuid || self.found.physicalAddress != former.physicalAddress {
            changed()
            placeMayHaveChanged()
        }
        guard found.isConnected != wasConnected else { return }
        logger.debug(
            "connectivity",
            metadata: ["mctpd": "\(found.isConnected ? "Available" : "Degraded")"]
        )
        isReturning = found.isConnected
        if found.isConnected {
            link.routeMayHaveChanged()
            session.resume()
        } else {
            enterDegraded()
            session.suspend(
                reason: "endpoint \(address) is unavailable: \(stateReason.detail)"
            )
        }
        recovery.connectivityChanged(isConnected: found.isConnected)
        life.look()
    }

    /// The directory has gone: what it said may no longer hold, though the route may well.
    func unconfirm() {
        isConfirmed = false
        link.routeMayHaveChanged()
        recovery.directoryVanished()
    }
}
