/// What is known of a command besides its bytes.
public struct CommandDeclaration: Sendable, Equatable {
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
    public internal(set) var deadlineClass: DeadlineClass

    /// True when carrying it out twice does no more than once, so that it may be repeated when no answer came.
    public internal(set) var isRepeatable: Bool

    /// The fields of the request by offset from its type byte: tells what a parameter error location points at.
    public var requestFields: [FieldDescription] {
        [FieldDescription(name: "opcode", offset: 4, size: 1)] + fields()
    }

    // Asked for when a parameter was refused; until then the layouts of commands that are not in use are not made.
    private let fields: @Sendable () -> [FieldDescription]

    /// Declares a command.
    public init(
        _ name: String,
        category: MessageCategory,
        opcode: UInt8,
        _ requirement: Requirement = .optional,
        deadline: DeadlineClass,
        isRepeatable: Bool,
        requestFields: @autoclosure @escaping @Sendable () -> [FieldDescription] = []
    ) {
        self.name = name
        self.category = category
        self.opcode = opcode
        self.requirement = requirement
        self.deadlineClass = deadline
        self.isRepeatable = isRepeatable
        self.fields = requestFields
    }

    /// Equal when all but the fields of the request is equal.
    public static func == (left: CommandDeclaration, right: CommandDeclaration) -> Bool {
        left.name == right.name && left.category == right.category && left.opcode == right.opcode
            && left.requirement == right.requirement && left.deadlineClass == right.deadlineClass
            && left.isRepeatable == right.isRepeatable
    }
}
