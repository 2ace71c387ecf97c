internal import NVMeMI

/// Lockdown: commands and features are prohibited, or allowed again.
extension AdminContext {
    func lockDown() throws(AdminFailure) -> AdminResult {
        guard let scope = Lockdown.Scope(rawValue: UInt8(bits(0...3, of: 10))) else {
            throw .invalidField(dword: 10)
        }
        let (interface, code) = (bits(5...6, of: 10), UInt8(bits(8...15, of: 10)))
        guard interface <= 2 else { throw .invalidField(dword: 10) }
        guard drive.lockable(scope).contains(code) else { throw .invalidField(dword: 10, byte: 1) }
        // 0 concerns hosts' own Admin queues alone, which nobody sees from here.
        if interface != 0 {
            drive.lockdown.set(code, scope, isProhibited: bits(4...4, of: 10) == 1)
        }
        return AdminResult()
    }
}

extension Drive {
    /// What can be prohibited.
    func lockable(_ scope: Lockdown.Scope) -> [UInt8] {
        switch scope {
        case .adminOpcode:
            AdminTable.all.filter { $0.option.map(has) ?? false && $0.opcode != .lockdown }
                .map(\.opcode.rawValue).sorted()
        case .feature:
            controllers[0].features.features.filter { $0.value.isChangeable }.map { $0.key }
                .sorted()
        case .managementOpcode:
            CommandTable.management.all.filter {
                $0.declaration.requirement == .optional && $0.isSupported(by: self)
            }.map(\.declaration.opcode)
        case .pcieOpcode:
            has(.pcie) ? [1, 3, 5] : []
        }
    }
}
