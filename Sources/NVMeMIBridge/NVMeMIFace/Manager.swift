import DBus
import EventLoop
import MCTP
import NVMeMIDrives

/// The bridge as a whole, as it is shown at the root of the tree.
@LoopActor
final class Manager {
    let fleet: Fleet
    private let discovery: MCTPDiscovery
    private let connection: Connection

    init(of fleet: Fleet, _ discovery: MCTPDiscovery, _ connection: Connection) {
        self.fleet = fleet
        self.discovery = discovery
        self.connection = connection
    }

    /// Asks mctpd for its endpoints again, and every endpoint for what it is.
    func rescan() {
        discovery.rescan()
        fleet.look()
    }

    /// What the bridge as a whole has counted, and what it holds at this moment.
    var statistics: VariantDictionary {
        let carrier = fleet.transport.statistics
        let loop = EventLoop.main
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
        ]
    }
}
