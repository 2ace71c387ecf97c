/// Where a request came from, and so where its answer goes.
public struct Requester: Sendable, Hashable {
    /// Whatever the caller needs to find the way back; the drive only keeps it.
    public var route: UInt32
    /// Endpoint identifier of the requester.
    public var endpoint: UInt8
    /// Endpoint identifier that was asked, which is the source of the answer.
    public var destination: UInt8
    /// MCTP message tag, 0…7.
    public var tag: UInt8

    /// A requester.
    ///
    /// - Parameters:
    ///   - route: Whatever the caller needs to find the way back.
    ///   - endpoint: Endpoint identifier of the requester.
    ///   - destination: Endpoint identifier that was asked.
    ///   - tag: MCTP message tag.
    public init(route: UInt32 = 0, endpoint: UInt8 = 8, destination: UInt8 = 9, tag: UInt8 = 0) {
        self.route = route
        self.endpoint = endpoint
        self.destination = destination
        self.tag = tag
    }
}
