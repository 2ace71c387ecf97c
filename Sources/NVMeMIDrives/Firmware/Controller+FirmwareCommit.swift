public import NVMeMI
import NVMeMIClient

/// What came of Firmware Commit.
public struct FirmwareCommitOutcome: Sendable {
    /// The reset that makes the image active.
    public enum Reset: String, Sendable {
        /// The controller asks for none.
        case none = "None"
        /// A reset of the PCI function.
        case conventional = "Conventional"
        /// A reset of the NVM subsystem.
        case subsystem = "Subsystem"
        /// A controller level reset.
        case controller = "Controller"
    }

    /// The reset that the controller asks for.
    public let reset: Reset
    /// The command specific result; bits 1:0 tell that an update overlapped with another.
    public let result: UInt32

    init(reset: Reset, result: UInt32) {
        self.reset = reset
        self.result = result
    }
}

extension Controller {
    /// Commits firmware for somebody, and has the slots read again.
    ///
    /// - Returns: Whether a reset is needed, which is no failure.
    /// - Throws: `DriveError`.
    public func commitFirmware(
        _ command: FirmwareCommit,
        for requester: Requester,
        timeLimit: Duration? = nil
    ) async throws(DriveError) -> FirmwareCommitOutcome {
        // As it is: a status that asks for a reset comes with a result like success.
        let name = FirmwareCommit.declaration.name
        let reply = try await endpoint.completion(
            of: command,
            for: requester,
            timeLimit: timeLimit,
            isWriting: true
        )
        let reset: FirmwareCommitOutcome.Reset
        switch reply.status.withoutAdvice {
        case .success: reset = .none
        case .firmwareNeedsConventionalReset: reset = .conventional
        case .firmwareNeedsSubsystemReset: reset = .subsystem
        case .firmwareNeedsReset: reset = .controller
        default:
            let refusal = DeviceError(
                command: FirmwareCommit.declaration,
                status: .success,
                nvmeStatus: reply.status
            )
            throw .command(
                CommandFailure(of: name, to: endpoint.address, isWriting: true, .device(refusal))
            )
        }
        if command.action == .activateNow {
            endpoint.life.look()
        } else {
            endpoint.life.look(at: [.firmwareSlots(identifier)])
        }
        return FirmwareCommitOutcome(reset: reset, result: reply.result)
    }
}
