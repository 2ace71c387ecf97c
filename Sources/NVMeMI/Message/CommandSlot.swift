/// One of the two places in a management endpoint where a command can be in progress.
public enum CommandSlot: UInt8, CaseIterable, Hashable, Sendable, CustomStringConvertible {
    /// Slot 0.
    case zero = 0
    /// Slot 1.
    case one = 1

    /// Such as `slot 0`.
    public var description: String { "slot \(rawValue)" }
}
