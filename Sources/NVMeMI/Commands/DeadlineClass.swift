/// How long a requester waits for the first answer to a command; More Processing Required extends the wait.
public struct DeadlineClass: Hashable, Sendable {
    /// Name of the class, for configuration and logs.
    public let name: String

    /// The default in milliseconds.
    public let milliseconds: UInt32

    /// A class with its default.
    public init(name: String, milliseconds: UInt32) {
        self.name = name
        self.milliseconds = milliseconds
    }

    /// Control primitives, which are answered past the commands in progress: 2 s.
    public static let control = Self(name: "control", milliseconds: 2_000)
    /// Health polls: 5 s, what requesters commonly wait for a management endpoint.
    public static let poll = Self(name: "poll", milliseconds: 5_000)
    /// Reading of structures, logs and features: 5 s.
    public static let read = Self(name: "read", milliseconds: 5_000)
    /// Changing a setting: 5 s.
    public static let configuration = Self(name: "configuration", milliseconds: 5_000)
    /// A piece of a firmware image, or its commit: 10 s.
    public static let firmware = Self(name: "firmware", milliseconds: 10_000)
    /// Reset of the subsystem, which is not answered when it succeeds: 5 s.
    public static let reset = Self(name: "reset", milliseconds: 5_000)
    /// Format, sanitize, namespace management and security, which devices may carry out before they answer: 20 s.
    public static let long = Self(name: "long", milliseconds: 20_000)
}
