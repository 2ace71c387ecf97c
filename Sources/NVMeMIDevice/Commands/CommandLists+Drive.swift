internal import NVMeMI

extension Drive {
    /// The optional commands that the drive has.
    var optionalCommands: [CommandList.Entry] {
        let management = CommandTable.management.all.filter {
            $0.declaration.requirement == .optional && $0.isSupported(by: self)
        }
        let admin = AdminTable.all.filter { $0.option.map(has) ?? false }
        return management.map {
            CommandList.Entry(category: .managementInterface, opcode: $0.declaration.opcode)
        } + admin.map { CommandList.Entry(category: .admin, opcode: $0.opcode.rawValue) }
            + (0..<(has(.pcie) ? PCIeOpcode.ioWrite.rawValue + 1 : 0)).map {
                CommandList.Entry(category: .pcie, opcode: $0)
            }
    }

    /// The commands that may use an endpoint's buffer.
    func bufferCommands(on endpoint: ManagementEndpoint) -> [CommandList.Entry] {
        guard !endpoint.buffer.isEmpty else { return [] }
        let management = CommandTable.management.all.filter {
            $0.usesBuffer && $0.isSupported(by: self)
        }
        let admin = AdminTable.all.filter { $0.usesBuffer && ($0.option.map(has) ?? true) }
        return management.map {
            CommandList.Entry(category: .managementInterface, opcode: $0.declaration.opcode)
        } + admin.map { CommandList.Entry(category: .admin, opcode: $0.opcode.rawValue) }
    }

    func has(_ option: OptionalCommand) -> Bool {
        description.optionalCommands.contains(option)
    }
}
