internal import NVMeMI

/// Virtualization Management: flexible resources of secondary controllers, and whether those are online.
extension AdminContext {
    /// Flexible queues and interrupts that each secondary controller can have at most.
    static let resourceLimit: UInt16 = 8

    func manageVirtualization() throws(AdminFailure) -> AdminResult {
        let (type, count) = (Int(bits(8...10, of: 10)), UInt16(bits(0...15, of: 11)))
        guard let target = drive.controllerIndex(UInt16(bits(16...31, of: 10))) else {
            throw .failed(.invalidControllerIdentifier, location: 42)
        }
        let function = drive.controllers[target].description.function
        switch bits(0...3, of: 10) {
        case 1:
            guard function == .primary else {
                throw .failed(.invalidControllerIdentifier, location: 42)
            }
            try requireResources(type, count)
            drive.controllers[target].resources[type] = count
            return AdminResult(result: UInt32(count))
        case 7:
            try requireSecondary(function)
            drive.controllers[target].isOnline = false
        case 8:
            try requireSecondary(function)
            guard !drive.controllers[target].isOnline else { throw .failed(Self.invalidState) }
            try requireResources(type, count)
            drive.controllers[target].resources[type] = count
            return AdminResult(result: UInt32(count))
        case 9:
            try requireSecondary(function)
            // It takes an Admin queue beside one for I/O, and an interrupt.
            guard drive.controllers[target].resources[0] >= 2,
                drive.controllers[target].resources[1] >= 1
            else { throw .failed(Self.invalidState) }
            drive.controllers[target].isOnline = true
        default:
            throw .invalidField(dword: 10)
        }
        return AdminResult()
    }

    private func requireSecondary(
        _ function: ControllerDescription.Function
    ) throws(AdminFailure) {
        guard function == .virtual else {
            throw .failed(.invalidControllerIdentifier, location: 42)
        }
    }

    private func requireResources(_ type: Int, _ count: UInt16) throws(AdminFailure) {
        guard type <= 1 else { throw .failed(Self.invalidResource, location: 41) }
        guard count <= Self.resourceLimit else { throw .failed(Self.invalidCount, location: 44) }
    }

    private static let invalidState = NVMeStatus(codeType: 1, code: 0x20)
    private static let invalidCount = NVMeStatus(codeType: 1, code: 0x21)
    private static let invalidResource = NVMeStatus(codeType: 1, code: 0x22)
}
