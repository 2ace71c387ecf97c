/// How a drive is; as people are told.
public enum DriveState: String, Sendable {
    /// It answers, and what it must tell is known.
    case ready
    /// It is there and answers for itself only, as while it starts or sanitizes.
    case busy
    /// It does not answer by any of its endpoints.
    case unavailable
    /// It answers, but not as it must.
    case failed
}
