/// Why bytes are no control message.
public enum ControlMessageError: Error, Hashable, Sendable {
    /// Fewer bytes than the message has to have.
    case tooShort(expected: Int, got: Int)
    /// More or fewer bytes than the message has to have.
    case wrongLength(expected: Int, got: Int)
    /// The message is of another type, or claims to have an integrity check.
    case wrongType(firstByte: UInt8)
    /// The flags that tell requests from responses have a combination that is neither.
    case wrongDirection(flags: UInt8)
    /// A field has a value that is not allowed.
    case invalidField(name: String, value: UInt8)
}
