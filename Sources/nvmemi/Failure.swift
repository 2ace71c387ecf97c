/// How the command ends; the numbers are documented in its help and do not change.
enum ExitStatus: Int32, Sendable, CaseIterable {
    case success = 0
    case failed = 1
    case usage = 2
    case noDaemon = 3
    case noEndpoint = 4
    case notPermitted = 5
    case timedOut = 6
    case needsAttention = 7
    case noDrives = 8
    case noMctpd = 9

    var meaning: String {
        switch self {
        case .success: "success"
        case .failed: "the drive or the daemon refused or failed"
        case .usage: "the command line is wrong"
        case .noDaemon: "the bus or the daemon is not there"
        case .noEndpoint: "no such endpoint or job, or more than one endpoint fits"
        case .notPermitted: "the caller has not the right"
        case .timedOut: "no answer in time"
        case .needsAttention: "health --check: a drive needs attention"
        case .noDrives: "health --check: there are no drives"
        case .noMctpd: "health --check, status: mctpd is not on the bus"
        }
    }
}

/// Why a command could not do its work, in words for the person who gave it.
struct Failure: Error, Equatable {
    var status: ExitStatus
    /// What went wrong.
    var message: String
    /// What to do about it.
    var advice: String?

    init(_ status: ExitStatus, _ message: String, advice: String? = nil) {
        self.status = status
        self.message = message
        self.advice = advice
    }
}
