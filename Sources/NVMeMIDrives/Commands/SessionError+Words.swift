import MCTP
import NVMeMI
public import NVMeMIClient

extension SessionError {
    /// The failure in words, with its numbers.
    public var words: String {
        switch self {
        case .argument(let problem):
            return "\(problem.field): expected \(problem.expected), got \(problem.got)"
        case .queueFull(let limit, let ofOneSender):
            let whose = ofOneSender ? "this caller" : "all callers together"
            return "\(limit) commands of \(whose) wait for this endpoint already; try again later"
        case .timedOut(let report):
            let note = report.note.map { "; meanwhile: \($0)" } ?? ""
            return
                "timed out after \(report.limit.inMilliseconds) ms, \(report.phase.rawValue)\(note)"
        case .transport(let failure):
            return "MCTP: \(failure). \(failure.advice)"
        case .envelope(let problem):
            return "NVMe-MI: damaged answer: \(problem)"
        case .mismatch(let what):
            return "NVMe-MI: wrong answer: \(what)"
        case .decoding(let problem):
            return "NVMe-MI: malformed answer: \(problem)"
        case .device(let refusal):
            return "\(layer): \(refusal.outcome)"
        case .answerLost(let note):
            let what = note.map { "; instead came \($0)" } ?? ""
            return "NVMe-MI: the drive is done with the command, but no answer came\(what)"
        case .cancelled:
            return "cancelled"
        case .closed(let reason):
            return reason
        }
    }

    /// The layer that failed: MCTP, NVMe-MI, NVMe, or bridge.
    public var layer: String {
        switch self {
        case .transport: "MCTP"
        case .device(let refusal) where refusal.nvmeStatus != nil: "NVMe"
        case .argument, .queueFull, .cancelled, .closed: "bridge"
        default: "NVMe-MI"
        }
    }
}

extension Duration {
    /// Whole milliseconds.
    public var inMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }
}
