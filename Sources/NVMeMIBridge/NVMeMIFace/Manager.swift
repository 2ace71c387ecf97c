import DBus
import EventLoop
import Logging
import MCTP
import NVMeMIDrives

/// The bridge as a whole, as it is shown at the root of the tree.
@LoopActor
final class Manager {
    let fleet: Fleet
    private let discovery: MCTPDiscovery
    private let connection: Connection
    private let log: LogControl
    private let logger: Logger
    /// Runs for a pause after a rescan that somebody without a right has asked for.
    private var rescanTimer: Timer?
    private var isRescanWanted = false
    /// Which drives are missing.
    weak var known: KnownDrives? {
        didSet { known?.onMissingChange = { [weak self] in self?.tell() } }
    }

    /// Time between rescans that anybody can ask for.
    private static let rescanPause = Duration.seconds(5)

    /// When the bridge began, in milliseconds of Unix time.
    let startTime = WallClock.nanoseconds / 1_000_000
    /// Whether messages can be carried, and since when.
    private(set) var carrier: (isConnected: Bool, since: UInt64)
    /// What is there of mctpd.
    var mctpd: MCTPDiscovery.Presence { discovery.presence }
    /// Whether mctpd lets the bridge recover endpoints and set routes, as far as that has shown.
    var mctpdControl: MCTPDirectory.Control { discovery.control }

    init(
        of fleet: Fleet,
        _ discovery: MCTPDiscovery,
        _ connection: Connection,
        log: LogControl,
        logger: Logger
    ) {
        self.log = log
        self.logger = logger
        self.fleet = fleet
        self.discovery = discovery
        self.connection = connection
        let isConnected = (fleet.transport as? DemuxTransport)?.isConnected ?? true
        carrier = (isConnected, WallClock.nanoseconds / 1_000_000)
        discovery.onPresenceChange = { [weak self] in self?.tell() }
    }

    /// Takes note that the way to all drives is there, or has gone.
    func carrierChanged(isConnected: Bool) {
        guard isConnected != carrier.isConnected else { return }
        carrier = (isConnected, WallClock.nanoseconds / 1_000_000)
        tell()
    }

    private func tell() { connection.objects.changed(self) }

    /// Asks mctpd for its endpoints again, and every endpoint for what it is; at once for who may keep drives
    /// busy, else together with what others ask for, and not again before a pause is over.
    func rescan(for call: Invocation) {
        if call.has(.writing) {
            logger.info("rescan asked for", metadata: call.callerLabels)
            return rescan()
        }
        guard rescanTimer == nil else {
            isRescanWanted = true
            return
        }
        rescan()
        pauseRescans()
    }

    private func rescan() {
        logger.info("rescan")
        discovery.rescan()
        fleet.look()
    }

    private func pauseRescans() {
        rescanTimer = EventLoop.main.schedule(after: Self.rescanPause) { [weak self] in
            guard let self else { return }
            rescanTimer = nil
            guard isRescanWanted else { return }
            isRescanWanted = false
            rescan()
            pauseRescans()
        }
    }

    /// The drives that are missing, as the bus has them.
    var missingDrives: [VariantDictionary] {
        (known?.missing ?? []).map { entry in
            [
                "Model": .string(entry.model), "SerialNumber": .string(entry.serialNumber),
                "VendorID": .uint16(entry.vendorID), "SubsystemNQN": .string(entry.subsystemNQN),
                "Place": .string(entry.place), "Since": .uint64(entry.missingSince ?? 0),
            ]
        }
    }

    /// Takes a drive that is missing for one that is not to come back.
    func forget(_ serialNumber: String, for call: Invocation) throws(DBusError) {
        let place = known?.missing.first { $0.serialNumber == serialNumber }?.place
        guard let known, known.forget(serialNumber) > 0 else {
            let others = Set((known?.missing ?? []).map(\.serialNumber)).sorted()
            throw .invalidArgs(
                "no drive with the serial number '\(Excerpt(serialNumber))' is missing"
                    + (others.isEmpty ? "" : "; missing are \(others.joined(separator: ", "))")
            )
        }
        var labels = call.callerLabels
        labels["serial-number"] = "\(serialNumber)"
        if let place { labels["place"] = "\(place)" }
        logger.notice("forgotten", metadata: labels)
    }

    /// What the bridge as a whole has counted, and what it holds at this moment.
    var statistics: VariantDictionary {
        let carrier = fleet.transport.statistics
        let loop = EventLoop.main
        let troubles = log.troubles()
        func gauge(_ number: Int) -> Value { .uint32(UInt32(clamping: number)) }
        return [
            "MessagesSent": .uint64(carrier.sentMessages),
            "SendFailures": .uint64(carrier.failedSends),
            "SendRepetitions": .uint64(carrier.repeatedSends),
            "MessagesReceived": .uint64(carrier.receivedMessages),
            "LateMessages": .uint64(carrier.lateMessages),
            "UnmatchedMessages": .uint64(carrier.unmatchedMessages),
            "OversizedMessages": .uint64(carrier.oversizedMessages),
            "ReceiveErrors": .uint64(carrier.receiveErrors),
            "Reconnections": .uint64(carrier.reconnections),
            "OpenCalls": gauge(connection.objects.openCalls),
            "WaitingCalls": gauge(connection.objects.waitingCalls),
            "OpenExchanges": gauge(carrier.openExchanges),
            "ReservedTags": gauge(carrier.reservedTags),
            "Timers": gauge(loop.pendingTimers),
            "Watches": gauge(loop.activeWatches),
            "EndingEndpoints": gauge(fleet.endingEndpoints),
            "WarningsLastHour": .uint32(troubles.warnings),
            "ErrorsLastHour": .uint32(troubles.errors),
        ]
    }
}
