internal import NVMeMI

/// A command slot of a Management Endpoint.
struct CommandSlotState {
    enum Activity {
        /// Nothing to do.
        case idle
        /// The first packets of a command are there, the others are not.
        case receiving
        /// A command is being worked on.
        case processing(PendingCommand)
        /// The answer is ready and held back by a pause.
        case transmitting(PendingCommand, [UInt8])
    }

    var activity = Activity.idle
    /// Transmission is suspended.
    var isPaused = false
    /// Error flags of Get State, bits 14:3.
    var errors: UInt16 = 0
    /// The last answer and who got it, for Replay.
    var last: (message: [UInt8], requester: Requester)?

    /// The slot's state as Get State has it, bits 1:0.
    var code: UInt16 {
        switch activity {
        case .idle: 0
        case .receiving: 1
        case .processing: 2
        case .transmitting: 3
        }
    }

    /// The slot as Get State tells of it.
    var state: UInt16 { code | errors | (isPaused ? 0x8000 : 0) }

    var isIdle: Bool {
        if case .idle = activity { true } else { false }
    }
}
