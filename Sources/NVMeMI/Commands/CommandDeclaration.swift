/// What is known of a command besides its bytes.
public struct CommandDeclaration: Sendable, Hashable {
    /// Whether NVMe storage devices must have the command.
    public enum Requirement: Sendable {
        /// Every storage device has it.
        case mandatory
        /// A storage device may have it; the optional command list says so.
        case optional
        /// Storage devices refuse it out of band.
        case prohibited
    }

    /// The name in the standard, such as `Configuration Get`.
    public internal(set) var name: String

    /// The kind of message that carries it.
    public let category: MessageCategory

    /// The opcode within the category.
    public internal(set) var opcode: UInt8

    /// Whether storage devices have it.
    public internal(set) var requirement: Requirement

    /// How long to wait for an answer.
    public internal(set) var deadline: DeadlineClass

    /// True when carrying it out twice does no more than once, so that it may be repeated when no answer came.
    public internal(set) var isRepeatable: Bool

    /// The fields of the request by offset from its type byte: tells what a parameter error location points at.
    public internal(set) var requestFields: [FieldDescription]

    /// Declares a command.
    public init(
        _ name: String,
        category: MessageCategory,
        opcode: UInt8,
        _ requirement: Requirement = .optional,
        deadline: DeadlineClass,
        isRepeatable: Bool,
        requestFields: [FieldDescription] = []
    ) {
        self.name = name
        self.category = category
        self.opcode = opcode
        self.requirement = requirement
        self.deadline = deadline
        self.isRepeatable = isRepeatable
        self.requestFields =
            [FieldDescription(name: "opcode", offset: 4, size: 1)] + requestFields
    }
}
