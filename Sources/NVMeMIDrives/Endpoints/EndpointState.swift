/// Where an endpoint is in its life.
public enum EndpointState: String, Sendable {
    /// Found, and being asked for what it is; or not ready yet, as it says itself.
    case initializing
    /// Has told what it must.
    case ready
    /// Does not answer, or cannot be reached; tried again from time to time.
    case unavailable
    /// Answers, but not as an NVMe-MI endpoint must; tried again from time to time.
    case failed

    /// The better, the less.
    var rank: Int {
        switch self {
        case .ready: 0
        case .initializing: 1
        case .failed: 2
        case .unavailable: 3
        }
    }
}
