extension CommandDeclaration {
    /// Every command that has a name, in the order of category and opcode.
    public static let all: [CommandDeclaration] =
        managementCommands

    /// The declaration for an opcode, nil when it has none.
    public static func find(
        category: MessageCategory,
        opcode: UInt8
    ) -> CommandDeclaration? {
        index[Key(category: category, opcode: opcode)]
    }

    /// The name for an opcode; for one without a declaration the category and the number.
    public static func name(category: MessageCategory, opcode: UInt8) -> String {
        find(category: category, opcode: opcode)?.name
            ?? "\(category) \(opcode.hexadecimal())"
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
        ConfigurationSet.declaration,
        ConfigurationGet.declaration,
    ]
}
