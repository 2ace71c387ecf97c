import EventLoop
import MCTP

/// The endpoints by their addresses.
@LoopActor
struct Places {
    private var byAddress: [EndpointAddress: Endpoint] = [:]

    nonisolated init() {}

    var count: Int { byAddress.count }

    var all: some Collection<Endpoint> { byAddress.values }

    /// In the order of their addresses.
    var sorted: [Endpoint] { byAddress.values.sorted { $0.address < $1.address } }

    subscript(address: EndpointAddress) -> Endpoint? { byAddress[address] }

    mutating func add(_ endpoint: Endpoint) { byAddress[endpoint.address] = endpoint }

    mutating func remove(_ endpoint: Endpoint) {
        if byAddress[endpoint.address] === endpoint { byAddress[endpoint.address] = nil }
    }
}
