/// The announcement that a response will take longer.
public struct MoreProcessingRequired: Hashable, Sendable {
    /// Worst-case time until the real response, in units of 100 ms; 0 when it is not given.
    public var time: UInt16

    /// An announcement with a time in units of 100 ms.
    public init(time: UInt16) { self.time = time }

    /// Worst-case time until the real response in milliseconds, nil when it is not given.
    public var milliseconds: UInt32? { time == 0 ? nil : UInt32(time) * 100 }

    /// True when it may take even longer than `milliseconds`.
    public var isLowerBound: Bool { time == .max }
}
