internal import DBus
internal import EventLoop

/// A network as mctpd publishes it.
@LoopActor
final class PublishedNetwork {
    let number: UInt32
    let ownIdentifier: UInt8
    weak var standIn: MctpdStandIn?

    init(number: UInt32, ownIdentifier: UInt8, standIn: MctpdStandIn) {
        self.number = number
        self.ownIdentifier = ownIdentifier
        self.standIn = standIn
    }

    static let interface = Interface<PublishedNetwork>(
        MctpdNames.network,
        documentation: "An MCTP network."
    ) {
        Property("LocalEIDs", "Endpoint identifiers of this machine.", .constant) {
            (network: PublishedNetwork) in [network.ownIdentifier]
        }
        Method(
            "LearnEndpoint",
            "Looks for an endpoint that is not published.",
            in: ["eid"],
            out: ["path", "new"]
        ) {
            (
                network: PublishedNetwork,
                call: Invocation,
                eid: UInt8
            ) async throws
                -> (String, Bool) in
            try MctpdRights.check(call, of: MctpdNames.network)
            guard let standIn = network.standIn else { throw DBusError.failed("stopped") }
            let (path, isNew) = try standIn.learn(eid, on: network.number)
            return (path.string, isNew)
        }
    }
}
