extension CommandDeclaration {
    /// Whether a command is known to do nothing but read, whatever its parameters; of those that are not known, nobody can
    /// tell.
    public static func onlyReads(_ category: MessageCategory, _ opcode: UInt8) -> Bool {
        guard let declaration = find(category: category, opcode: opcode) else { return false }
        switch category {
        case .pcie: return !PCIeOpcode(rawValue: opcode).isWrite
        case .admin where slowReading.contains(opcode): return true
        default: return [.read, .poll].contains(declaration.deadlineClass)
        }
    }

    /// Receiving commands that may take longer than reading does: NVMe-MI Receive, Security Receive, Get LBA Status.
    private static let slowReading: Set<UInt8> = [0x1E, 0x82, 0x86]
}
