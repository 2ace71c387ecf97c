/// The outcome of a control command.
public struct ControlCompletionCode: RawRepresentable, Hashable, Sendable {
    /// The number.
    public let rawValue: UInt8

    /// Wraps a number.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Done.
    public static let success = ControlCompletionCode(rawValue: 0x00)
    /// Not done, for no stated reason.
    public static let error = ControlCompletionCode(rawValue: 0x01)
    /// A field has a value that is not allowed.
    public static let invalidData = ControlCompletionCode(rawValue: 0x02)
    /// The request has the wrong length.
    public static let invalidLength = ControlCompletionCode(rawValue: 0x03)
    /// Not now.
    public static let notReady = ControlCompletionCode(rawValue: 0x04)
    /// The command is not known.
    public static let unsupportedCommand = ControlCompletionCode(rawValue: 0x05)
    /// Answer to ``ControlCommand/getVersionSupport``: the message type is not known.
    public static let unsupportedMessageType = ControlCompletionCode(rawValue: 0x80)
}
