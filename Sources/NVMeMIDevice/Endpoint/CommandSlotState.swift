internal import NVMeMI

/// A command that was received and not yet answered.
struct PendingCommand {
    let request: Request
    let requester: Requester
    /// When it is executed and answered; `nil` for a command that never will be.
    var due: DeviceTime?
    /// What goes wrong with it.
    var faults: [Fault]
    /// More Processing Required: the time to announce in milliseconds, when to announce it next,
    /// and how often after that.
    var announcement: Announcement?
    /// Whether More Processing Required was sent.
    var wasAnnounced = false

    struct Announcement {
        var time: UInt32
        var next: DeviceTime?
        var interval: DeviceTime?
    }
}

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

/// What the transport below saw go wrong with a packet; the raw value is its bit in Get State.
public enum EndpointErrorFlag: UInt16, Sendable, Hashable, CaseIterable {
    /// A command arrived for a slot that was not idle.
    case commandToBusySlot = 3
    /// The message integrity check of a request was wrong.
    case badIntegrityCheck = 4
    /// The transmission unit is not supported.
    case unsupportedTransmissionUnit = 6
    /// The MCTP header version is unknown.
    case badHeaderVersion = 7
    /// The packet was for an unknown endpoint identifier.
    case unknownDestination = 8
    /// A middle packet was not as long as the first.
    case incorrectTransmissionUnit = 9
    /// A middle or last packet came without a first.
    case unexpectedMiddleOrEnd = 10
    /// A packet was out of sequence.
    case outOfSequence = 11
    /// A message tag was bad, unexpected or expired.
    case badTag = 12
    /// A packet was damaged.
    case badPacket = 13
    /// An NVM subsystem reset occurred.
    case subsystemReset = 14
}
