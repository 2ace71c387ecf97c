import NVMeMI
import NVMeMIClient

extension Endpoint {
    /// Resets the NVM subsystem for somebody.
    ///
    /// There is no answer to a reset that is carried out: the endpoint goes with it.
    ///
    /// - Throws: `DriveError` when the drive refuses or the reset was not sent.
    public func resetSubsystem(
        for requester: Requester,
        timeLimit: Duration? = nil
    ) async throws(DriveError) {
        do {
            try await perform(
                SubsystemReset(),
                for: requester,
                timeLimit: timeLimit,
                isWriting: true
            )
        } catch {
            guard case .command(let failure) = error, failure.error.isLikeAReset else {
                throw error
            }
        }
        life.resetBegan()
    }
}

extension SessionError {
    /// Whether a drive may have been reset by a command that ended so: it was sent, and has no answer.
    fileprivate var isLikeAReset: Bool {
        switch self {
        case .timedOut(let report): report.phase == .answer
        // It is back already, and knows of no command.
        case .answerLost: true
        default: false
        }
    }
}
