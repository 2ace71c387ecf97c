/// How jobs are kept, and how patient they are.
public struct JobSettings: Equatable, Sendable {
    /// How many jobs that have ended are kept.
    public var finishedLimit = 64
    /// How long a job that has ended is kept.
    public var finishedTime: Duration = .seconds(3600)
    /// How long a job waits for a drive that cannot be reached, as while it resets or has another address.
    public var patience: Duration = .seconds(300)
    /// How long a job may go on without getting any further, where the drive does not say that it needs longer.
    public var standstill: Duration = .seconds(21_600)

    /// The defaults.
    public init() {}
}
