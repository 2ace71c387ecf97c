import EventLoop

/// The log's level as the bridge can see and change it, while the log itself is the program's.
public struct LogLevelControl: Sendable {
    let get: @LoopActor @Sendable () -> String
    let set: @LoopActor @Sendable (String) -> Void

    /// A control of its two parts.
    ///
    /// - Parameters:
    ///   - get: The present level.
    ///   - set: Takes one of ``BridgeSettings/logLevels``.
    public init(
        get: @escaping @LoopActor @Sendable () -> String,
        set: @escaping @LoopActor @Sendable (String) -> Void
    ) {
        self.get = get
        self.set = set
    }
}
