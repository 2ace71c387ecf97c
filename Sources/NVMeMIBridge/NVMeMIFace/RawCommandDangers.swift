import NVMeMI

// Which raw commands need the serial number of the drive that is meant, and what follows from them.

/// What a command does to the drive that it meets.
enum CommandDanger {
    /// Nothing that would be worse on another drive.
    case none
    /// May reset it or shut it down.
    case stops
    /// Erases or locks something for good.
    case destroys
}

extension RawManagementCommand {
    /// Resets and shutdowns stop the drive.
    var danger: CommandDanger {
        opcode == SubsystemReset.declaration.opcode
            || opcode == SubsystemShutdown.declaration.opcode ? .stops : .none
    }
}

extension PCIeCommand {
    /// Writes reach the registers that reset a drive: NSSR and CC behind base address register 0, and those of the
    /// function in configuration space (Function Level Reset).
    var danger: CommandDanger { opcode.isWrite ? .stops : .none }
}

extension FeatureIdentifier {
    /// Whether setting it to a value cannot be undone: write protection of a namespace until the next power cycle, or
    /// for good (NVM Express Base Specification, "Namespace Write Protection Config").
    func cannotBeUndone(_ value: UInt32) -> Bool {
        self == .namespaceWriteProtection && [2, 3].contains(value & 7)
    }
}

extension SetFeatures {
    /// What cannot be undone destroys.
    var danger: CommandDanger { feature.cannotBeUndone(value) ? .destroys : .none }
}

extension AdminCommand {
    /// Whether it is known to erase, format, delete or lock something for good; vendor specific ones are the
    /// vendor's to know.
    var danger: CommandDanger {
        let destroys =
            switch opcode {
            case .formatNVM, .sanitize, .sanitizeNamespace: true
            // Delete.
            case .namespaceManagement: dword10 & 0xF == 1
            // Delete Endurance Group and Delete NVM Set.
            case .capacityManagement: dword10 & 0xF == 2 || dword10 & 0xF == 4
            case .setFeatures:
                FeatureIdentifier(rawValue: UInt8(truncatingIfNeeded: dword10))
                    .cannotBeUndone(dword11)
            default: false
            }
        return destroys ? .destroys : .none
    }

    /// Whether other namespaces may be there afterwards.
    var changesNamespaces: Bool {
        switch opcode {
        case .namespaceManagement, .namespaceAttachment, .formatNVM, .capacityManagement: true
        default: false
        }
    }
}
