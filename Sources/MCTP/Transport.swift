public import EventLoop

/// A way to carry MCTP messages to endpoints and their answers back.
@LoopActor
public protocol Transport: AnyObject {
    /// Name for logs, such as `AF_MCTP` or `demux @mctp-mux`.
    var description: String { get }

    /// Whether answers to other processes can arrive.
    ///
    /// A message that is no answer to the command must then be noted and waited past, not taken for ours.
    var isShared: Bool { get }

    /// Whether an endpoint ID means different endpoints on different networks.
    var tellsNetworksApart: Bool { get }

    /// Counts since the start, and what is open now.
    var statistics: TransportStatistics { get }

    /// Called with every message that is sent or received, also those that nobody waits for; quick.
    var tap: (@LoopActor (CarriedMessage) -> Void)? { get set }

    /// How many messages of an endpoint were dropped: late, unmatched or too long.
    ///
    /// Counted since the start or since the endpoint was forgotten.
    ///
    /// - Parameter address: The endpoint.
    /// - Returns: The number.
    func dropped(from address: EndpointAddress) -> UInt64

    /// Gives back what is kept for an endpoint that has vanished, as far as nothing is under way with it.
    ///
    /// - Parameter address: The endpoint.
    func forget(_ address: EndpointAddress)

    /// Gives every tag of an endpoint back at once, whether used, at rest or kept for an answer that may
    /// still come, and ends its open exchanges with ``TransportError/Kind/closed``.
    ///
    /// For the time in which the bus owner asks the endpoint: it does so by physical address, and the kernel
    /// may hand the answer to whoever holds a tag of the endpoint. Nothing is held for the endpoint before
    /// something is sent to it again.
    ///
    /// - Parameter address: The endpoint.
    func releaseTags(of address: EndpointAddress)

    /// Asks an endpoint for its endpoint ID with MCTP's own control protocol (DSP0236), which tells an
    /// endpoint that has gone from one that only does not speak the type of messages that is waited for.
    ///
    /// The question is repeated while there is no answer. No reserved tag is used for it.
    ///
    /// - Parameters:
    ///   - address: The endpoint.
    ///   - deadline: When to give up.
    /// - Returns: What came of it.
    func askForEndpointID(
        of address: EndpointAddress,
        until deadline: MonotonicInstant
    ) async -> EndpointIDAnswer

    /// Where an endpoint is on its medium; nil when the carrier does not know.
    ///
    /// - Parameter address: The endpoint.
    /// - Returns: Interface and physical address.
    func physicalAddress(of address: EndpointAddress) -> PhysicalAddress?

    /// Begins an exchange: one request and what is answered to it.
    ///
    /// - Parameters:
    ///   - address: Whom to talk to.
    ///   - type: The type of all its messages.
    ///   - owner: Who is told what happens in it, until it is ended.
    /// - Returns: The exchange; it has to be ended.
    /// - Throws: ``TransportError`` when it cannot begin.
    func begin(
        to address: EndpointAddress,
        type: MessageType,
        owner: any ExchangeOwner
    ) throws(TransportError) -> any OpenExchange

    /// Ends all exchanges and gives everything back.
    func close()
}

extension Transport {
    /// It does; for carriers that have networks.
    public var tellsNetworksApart: Bool { true }

    /// Does nothing; for carriers that have no tags.
    public func releaseTags(of address: EndpointAddress) {}

    /// Does not know; for carriers that see no medium.
    public func physicalAddress(of address: EndpointAddress) -> PhysicalAddress? { nil }

    /// Says that it cannot be asked; for carriers of a single type of messages.
    public func askForEndpointID(
        of address: EndpointAddress,
        until deadline: MonotonicInstant
    ) async -> EndpointIDAnswer {
        .cannotBeAsked(
            TransportError(
                operation: "ask for the endpoint ID",
                kind: .unsupported,
                endpoint: address
            )
        )
    }
}
