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
            guard case .command(let failure) = error, case .timedOut(let report) = failure.error,
                report.phase == .answer
            else { throw error }
        }
        life.resetBegan()
    }
}
