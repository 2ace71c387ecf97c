/// Where an endpoint is in its life; published as `Endpoint1.State`.
enum EndpointState: String, Sendable {
    /// Found, and being asked for what it is.
    case initializing
    /// Has answered; its ports, controllers and namespaces are published.
    case ready
    /// Does not answer, or cannot be reached; tried again from time to time.
    case unavailable
    /// Answers, but not as an NVMe-MI endpoint must; tried again from time to time.
    case failed
}
