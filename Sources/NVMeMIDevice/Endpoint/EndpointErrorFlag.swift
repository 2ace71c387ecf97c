/// What the transport below saw go wrong with a packet; the raw value is its bit in Get State.
public enum EndpointErrorFlag: UInt16, Sendable, Hashable, CaseIterable {
    /// A command arrived for a slot that was not idle.
    case commandToBusySlot = 3
    /// The message integrity check of a request was wrong.
    case badIntegrityCheck = 4
    /// The transmission unit is not supported.
    case unsupportedTransmissionUnit = 6
    /// The MCTP header version is unknown.
    case badHeaderVersion = 7
    /// The packet was for an unknown endpoint identifier.
    case unknownDestination = 8
    /// A middle packet was not as long as the first.
    case incorrectTransmissionUnit = 9
    /// A middle or last packet came without a first.
    case unexpectedMiddleOrEnd = 10
    /// A packet was out of sequence.
    case outOfSequence = 11
    /// A message tag was bad, unexpected or expired.
    case badTag = 12
    /// A packet was damaged.
    case badPacket = 13
    /// An NVM subsystem reset occurred.
    case subsystemReset = 14
}
