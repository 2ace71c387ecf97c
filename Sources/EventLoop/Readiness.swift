/// What a watch waits for on a file descriptor.
public struct Interest: OptionSet, Hashable, Sendable {
    /// The bits.
    public let rawValue: UInt8

    /// A set from its bits.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Something to read, or the other side closed.
    public static let read = Interest(rawValue: 1)
    /// Room to write.
    public static let write = Interest(rawValue: 2)
}

/// What was found on a file descriptor.
public struct Readiness: OptionSet, Hashable, Sendable {
    /// The bits.
    public let rawValue: UInt8

    /// A set from its bits.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Something to read.
    public static let read = Readiness(rawValue: 1)
    /// Room to write.
    public static let write = Readiness(rawValue: 2)
    /// An error is pending on the descriptor.
    public static let error = Readiness(rawValue: 4)
    /// The other side closed.
    public static let hangUp = Readiness(rawValue: 8)
    /// The number is no open descriptor: it was closed before its watch was cancelled.
    ///
    /// The loop has cancelled the watch, because it would never sleep again otherwise.
    public static let invalidDescriptor = Readiness(rawValue: 16)
}
