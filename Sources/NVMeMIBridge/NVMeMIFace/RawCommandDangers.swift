import NVMeMI

// Which raw commands need the serial number of the drive that is meant, and what follows from them.

extension RawManagementCommand {
    /// Whether it resets the drive or shuts it down.
    var stopsOrErases: Bool {
        opcode == SubsystemReset.declaration.opcode
            || opcode == SubsystemShutdown.declaration.opcode
    }
}

extension AdminCommand {
    /// Whether it is known to erase, format or delete something; vendor specific ones are the vendor's to know.
    var erases: Bool {
        switch opcode {
        case .formatNVM, .sanitize: true
        // Delete.
        case .namespaceManagement: dword10 & 0xF == 1
        // Delete Endurance Group and Delete NVM Set.
        case .capacityManagement: dword10 & 0xF == 2 || dword10 & 0xF == 4
        // Sanitize Namespace.
        case AdminOpcode(rawValue: 0x8C): true
        default: false
        }
    }

    /// Whether other namespaces may be there afterwards.
    var changesNamespaces: Bool {
        switch opcode {
        case .namespaceManagement, .namespaceAttachment, .formatNVM, .capacityManagement: true
        default: false
        }
    }
}
