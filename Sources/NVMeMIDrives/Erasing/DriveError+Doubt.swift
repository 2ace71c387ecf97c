import NVMeMIClient

extension DriveError {
    /// Whether a command may have been carried out although it failed: its answer may be what was lost.
    var leavesDoubt: Bool {
        guard case .command(let failure) = self else { return false }
        return switch failure.error {
        case .device, .argument, .queueFull: false
        default: true
        }
    }
}
