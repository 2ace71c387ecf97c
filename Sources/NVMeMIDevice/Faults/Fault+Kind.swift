extension Fault {
    /// The ways of misbehaving.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The command is in process for `delay-ms` before it is executed and answered.
        case slow
        /// The message is ignored: not executed, not answered, no trace in the command slot.
        case mute
        /// The command is executed and its answer is lost.
        case lost
        /// The drive answers at once, but the answer arrives `delay-ms` later, whatever happened
        /// in between; the command slot is free meanwhile.
        case late
        /// The answer is sent twice, the second time `delay-ms` later.
        case twice
        /// The message integrity check of the answer is wrong.
        case wrongMIC = "wrong-mic"
        /// The answer names the other command slot.
        case wrongSlot = "wrong-slot"
        /// The answer's message type byte is `type`.
        case wrongType = "wrong-type"
        /// The answer is of another command category.
        case wrongCategory = "wrong-category"
        /// The answer bears another MCTP tag; without effect on the demultiplexer socket, which
        /// has none.
        case wrongTag = "wrong-tag"
        /// The answer comes from another endpoint identifier.
        case wrongSource = "wrong-source"
        /// The answer ends after `bytes` bytes; its integrity check is lost with the rest.
        case truncated
        /// The answer's data lacks the last `bytes` bytes; its integrity check is right.
        case short
        /// The answer's data is longer by `bytes` bytes; its integrity check is right.
        case oversize
        /// The answer's data lacks as many bytes as make its length odd; its integrity check is
        /// right.
        case unaligned
        /// More Processing Required announces `time-ms`; the answer follows after `delay-ms`.
        case moreProcessing = "more-processing"
        /// More Processing Required announces `time-ms` every `delay-ms`, and no answer follows.
        case moreProcessingForever = "more-processing-forever"
        /// The command is refused with NVMe-MI status `status`.
        case status
        /// The Admin command completes with NVMe status `nvme-status`.
        case nvmeStatus = "nvme-status"
        /// The drive resets instead of answering; its endpoint identifiers are lost.
        case reset

        /// What the kind does, as one line of documentation.
        public var summary: String {
            switch self {
            case .slow: "executed and answered after delay-ms"
            case .mute: "ignored: neither executed nor answered"
            case .lost: "executed, but the answer is lost"
            case .late: "answered at once, but the answer arrives after delay-ms"
            case .twice: "answered twice, delay-ms apart"
            case .wrongMIC: "wrong message integrity check"
            case .wrongSlot: "answer names the other command slot"
            case .wrongType: "answer has message type byte `type`"
            case .wrongCategory: "answer is of another command category"
            case .wrongTag: "answer has another MCTP tag (no effect without tags)"
            case .wrongSource: "answer comes from another endpoint identifier"
            case .truncated: "answer ends after `bytes` bytes, integrity check lost"
            case .short: "data lacks the last `bytes` bytes, integrity check right"
            case .oversize: "data is longer by `bytes` bytes, integrity check right"
            case .unaligned: "data has an odd length, integrity check right"
            case .moreProcessing: "More Processing Required for time-ms, answer after delay-ms"
            case .moreProcessingForever: "More Processing Required every delay-ms, no answer"
            case .status: "refused with NVMe-MI status `status`"
            case .nvmeStatus: "Admin command completes with NVMe status `nvme-status`"
            case .reset: "the drive resets and loses its endpoint identifiers"
            }
        }

        var usualDelay: UInt32 {
            switch self {
            case .slow, .late, .moreProcessing, .moreProcessingForever: 500
            default: 0
            }
        }

        var usualBytes: UInt32 {
            switch self {
            case .truncated: 6
            case .short: 1
            case .oversize: 4_224
            default: 0
            }
        }
    }
}
