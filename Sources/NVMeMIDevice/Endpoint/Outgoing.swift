/// A message that the drive sends.
public struct Outgoing: Sendable, Hashable {
    /// The message from its type byte through the integrity check.
    public var message: [UInt8]
    /// Whom it is for.
    ///
    /// Tag and source are what the answer bears, which a fault may have changed.
    public var requester: Requester
    /// Bytes of payload in each packet.
    public var transmissionUnit: Int
    /// Whether the drive sends it on its own: its tag is then the drive's, not that of a request.
    public var isUnsolicited = false
}
