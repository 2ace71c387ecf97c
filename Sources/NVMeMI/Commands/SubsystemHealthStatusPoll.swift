/// NVM Subsystem Health Status Poll (opcode 01h): the state of the subsystem, and on demand the end of its change flags.
public struct SubsystemHealthStatusPoll: ManagementCommand, Equatable {
    /// The state.
    public typealias Reply = SubsystemHealth

    /// True to clear the Composite Controller Status flags after they are copied into the reply.
    public var clearsStatus = false
    /// The version of NVMe-MI that the drive follows, by which its answer is understood; not in the request.
    public var version = ManagementInterfaceVersion.oldest

    /// Polls and clears nothing.
    public init() {}

    /// Polls a drive that follows a version of NVMe-MI, and clears the flags on demand.
    ///
    /// What only later versions define is not taken from the answer.
    public init(clearsStatus: Bool = false, version: ManagementInterfaceVersion = .oldest) {
        self.clearsStatus = clearsStatus
        self.version = version
    }

    /// What is known of the command besides its bytes.
    public static let declaration = CommandDeclaration(
        "NVM Subsystem Health Status Poll",
        category: .managementInterface,
        opcode: 0x01,
        .mandatory,
        deadline: .poll,
        isRepeatable: true,
        requestFields: request.table
    )

    /// The declaration; not repeatable with clearing, because the flags of a lost answer would be lost with it.
    public var declaration: CommandDeclaration {
        var declaration = Self.declaration
        declaration.isRepeatable = !clearsStatus
        return declaration
    }

    /// The fields of the request.
    public static let request = Layout<Self>(
        "NVM Subsystem Health Status Poll request",
        size: ManagementMessage.requestSize
    ) {
        Field("clear status", at: 12, bit: 31, \.clearsStatus)
    }

    /// The state; more or fewer bytes are an error.
    public func readReply(_ reply: ManagementReply) throws(DecodingError) -> SubsystemHealth {
        var health = try SubsystemHealth(data: reply.data)
        health.version = version
        let size = SubsystemHealth.layout.size
        if reply.data.count > size {
            throw malformed("data", expected: byteCount(size), got: byteCount(reply.data.count))
        }
        return health
    }

    /// The bytes of the state.
    public func writeReply(_ reply: SubsystemHealth) -> ManagementReply {
        ManagementReply(data: reply.data)
    }
}
