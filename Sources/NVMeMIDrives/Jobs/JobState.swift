/// Where a job is in its life.
public enum JobState: String, Sendable {
    /// It has not begun: the one who started it is given time to look, or another job of the drive has to end.
    case waiting
    /// It is being done.
    case running
    /// It is being done, and somebody wants it to end.
    case cancelling
    /// It has done what was asked for.
    case done
    /// It has not.
    case failed
    /// It has ended because somebody wanted it to.
    case cancelled

    /// Whether it has ended.
    public var isOver: Bool {
        switch self {
        case .waiting, .running, .cancelling: false
        case .done, .failed, .cancelled: true
        }
    }
}
