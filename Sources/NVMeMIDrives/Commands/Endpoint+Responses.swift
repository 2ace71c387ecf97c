public import NVMeMI
import NVMeMIClient

/// Answers as they come, whatever the drive says in them.
extension Endpoint {
    /// Carries out a command and returns the drive's response, be it a refusal.
    ///
    /// - Throws: `DriveError` when there is none.
    public func respond<C: Command>(
        to command: C,
        for requester: Requester,
        timeLimit: Duration? = nil,
        isWriting: Bool = false,
        isExclusive: Bool = false,
        slot: CommandSlot = .zero
    ) async throws(DriveError) -> Response {
        guard isReachable else { throw .unavailable(address, reason: stateReason.detail) }
        do {
            let response = try await session.respond(
                to: command,
                CommandOptions(
                    timeLimit: timeLimit,
                    sender: requester.name,
                    isExclusive: isExclusive,
                    slot: slot
                )
            )
            life.commandSucceeded()
            return response
        } catch {
            life.commandFailed()
            throw failure(error, of: command, requester, isWriting)
        }
    }

    /// Carries out an Admin command that NVMe-MI accepts, and returns what the controller answers, be it an error.
    ///
    /// - Throws: `DriveError` when NVMe-MI refuses it or there is no answer.
    public func completion<C: AdminRequest>(
        of command: C,
        for requester: Requester,
        timeLimit: Duration? = nil,
        isWriting: Bool = false
    ) async throws(DriveError) -> AdminReply {
        let response = try await respond(
            to: command,
            for: requester,
            timeLimit: timeLimit,
            isWriting: isWriting
        )
        do {
            return try command.decodeCompletion(response)
        } catch {
            throw failure(SessionError(decodingFailure: error), of: command, requester, isWriting)
        }
    }

    private func failure<C: Command>(
        _ error: SessionError,
        of command: C,
        _ requester: Requester,
        _ isWriting: Bool
    ) -> DriveError {
        let name = command.declaration.name
        logFailure(error, of: name, caller: requester.name)
        return .command(CommandFailure(of: name, to: address, isWriting: isWriting, error))
    }
}
