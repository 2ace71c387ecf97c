extension CommandDeclaration {
    /// Declares an Admin command.
    init(
        admin opcode: AdminOpcode,
        _ requirement: Requirement = .optional,
        deadline: DeadlineClass,
        isRepeatable: Bool = false,
        requestFields: @autoclosure @escaping @Sendable () -> [FieldDescription] = AdminCommand
            .request.table
    ) {
        self.init(
            opcode.name ?? "Admin Command \(opcode.rawValue.hexadecimal())",
            category: .admin,
            opcode: opcode.rawValue,
            requirement,
            deadline: deadline,
            isRepeatable: isRepeatable,
            requestFields: requestFields()
        )
    }

    /// All Admin commands that have a name; those that storage devices refuse out of band are named to be recognized.
    static let adminCommands: [CommandDeclaration] =
        adminCommandsWithType
        + AdminOpcode.names.map(\.key).sorted().map(AdminOpcode.init(rawValue:))
        .filter { opcode in !adminCommandsWithType.contains { $0.opcode == opcode.rawValue } }
        .map { opcode in
            CommandDeclaration(
                admin: opcode,
                .prohibited,
                deadline: .long
            )
        }

    private static let adminCommandsWithType = [
        GetLogPage.declaration,
        Identify.declaration,
        SetFeatures.declaration,
        GetFeatures.declaration,
        namespaceManagement,
        FirmwareCommit.declaration,
        FirmwareImageDownload.declaration,
        DeviceSelfTest.declaration,
        NamespaceAttachment.declaration,
        FormatNVM.declaration,
        SecuritySend.declaration,
        SecurityReceive.declaration,
        Sanitize.declaration,
        DirectiveSend.declaration,
        DirectiveReceive.declaration,
        VirtualizationManagement.declaration,
        CapacityManagement.declaration,
        Lockdown.declaration,
        GetLBAStatus.declaration,
        SanitizeNamespace.declaration,
    ]

    /// Creating and deleting have types of their own and the same opcode.
    private static let namespaceManagement = CommandDeclaration(
        admin: .namespaceManagement,
        deadline: .long,
        requestFields: CreateNamespace.request.table
            + DeleteNamespace.request.table.filter { !CreateNamespace.request.table.contains($0) }
    )
}
