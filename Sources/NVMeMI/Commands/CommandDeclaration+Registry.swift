extension CommandDeclaration {
    /// Every command that has a name, in the order of category and opcode.
    ///
    /// Where several types share an opcode, such as the kinds of Configuration Get, it has the general one.
    public static let all: [CommandDeclaration] =
        controlPrimitives + managementCommands + adminCommands + pcieCommands

    /// The declaration for an opcode, nil when it has none.
    public static func find(
        category: MessageCategory,
        opcode: UInt8
    ) -> CommandDeclaration? {
        index[Key(category: category, opcode: opcode)]
    }

    /// The declaration with a name, nil when none has it.
    public static func find(category: MessageCategory, name: String) -> CommandDeclaration? {
        all.first { $0.category == category && $0.name == name }
    }

    /// The name for an opcode; for one without a declaration the category and the number.
    public static func name(category: MessageCategory, opcode: UInt8) -> String {
        find(category: category, opcode: opcode)?.name
            ?? "\(category) \(opcode.hexadecimal())"
    }

    /// The declaration for an opcode of a type that stands for many, never repeatable.
    static func generic(
        _ opcode: UInt8,
        like general: CommandDeclaration
    ) -> CommandDeclaration {
        var declaration = find(category: general.category, opcode: opcode) ?? general
        declaration.name = name(category: general.category, opcode: opcode)
        declaration.opcode = opcode
        declaration.isRepeatable = false
        return declaration
    }

    private struct Key: Hashable {
        let category: MessageCategory
        let opcode: UInt8
    }

    private static let index = Dictionary(
        all.map { (Key(category: $0.category, opcode: $0.opcode), $0) },
        uniquingKeysWith: { first, _ in first }
    )

    private static let managementCommands: [CommandDeclaration] = [
        ReadDataStructure.declaration,
        SubsystemHealthStatusPoll.declaration,
        ControllerHealthStatusPoll.declaration,
        ConfigurationSet.declaration,
        ConfigurationGet.declaration,
        VPDRead.declaration,
        VPDWrite.declaration,
        SubsystemReset.declaration,
        SESReceive.declaration,
        SESSend.declaration,
        ManagementEndpointBufferRead.declaration,
        ManagementEndpointBufferWrite.declaration,
        SubsystemShutdown.declaration,
        named("PDA Read", 0x0D, .optional),
        named("PDA Write", 0x0E, .optional),
        named("PDA Write Zeroes", 0x0F, .optional),
    ]

    /// A command of the Management Interface without a type of its own.
    private static func named(
        _ name: String,
        _ opcode: UInt8,
        _ requirement: Requirement
    ) -> CommandDeclaration {
        CommandDeclaration(
            name,
            category: .managementInterface,
            opcode: opcode,
            requirement,
            deadline: .long,
            isRepeatable: false,
            requestFields: RawManagementCommand.request.table
        )
    }
}
