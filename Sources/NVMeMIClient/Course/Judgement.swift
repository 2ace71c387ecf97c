import EventLoop
import NVMeMI

/// What a received message means to the command that waits.
enum Judgement {
    case answer(Response)
    /// The drive needs more time, in nanoseconds; 0 when it does not say how much.
    case moreProcessing(Int64)
    /// Somebody else's, or nothing that answers this command.
    case foreign(String)
    /// An answer that was damaged on its way.
    case damaged(SessionError)
    /// An answer that is wrong.
    case wrong(SessionError)

    /// Judges a message, and counts what is wrong with it.
    init(
        of arrival: Arrival,
        as command: any Command,
        in slot: CommandSlot,
        _ around: inout Surroundings
    ) {
        let response: Response
        do {
            response = try Response.parse(arrival.message)
        } catch {
            if error.isIntegrityError {
                around.statistics.integrityErrors += 1
                self = .damaged(.envelope(error))
            } else {
                around.statistics.mismatches += 1
                self = .wrong(.envelope(error))
            }
            return
        }
        guard command.isAnswered(by: response, slot: slot) else {
            around.statistics.mismatches += 1
            let what = """
                an answer to another \(response.category) in \(response.slot), expected one to \
                \(command.declaration.name) in \(slot)
                """
            // On a carrier that others use as well it may be the answer to their command.
            self = around.isShared ? .foreign(what) : .wrong(.mismatch(what))
            return
        }
        guard let more = response.moreProcessingRequired else {
            self = .answer(response)
            return
        }
        around.statistics.moreProcessing += 1
        if arrival.isLast {
            self = .wrong(
                .mismatch(
                    "More Processing Required, which cannot be followed without pre-allocated tags"
                )
            )
        } else {
            self = .moreProcessing(Int64(more.milliseconds ?? 0) * 1_000_000)
        }
    }
}
