import EventLoop

/// The log as the bridge can see and change it, while the log itself is the program's.
public struct LogControl: Sendable {
    /// Entries of the last hour that somebody has to see to.
    public struct Troubles: Sendable {
        /// Entries of level warning.
        public var warnings: UInt32
        /// Entries of a level above that.
        public var errors: UInt32

        /// Both numbers.
        public init(warnings: UInt32, errors: UInt32) {
            self.warnings = warnings
            self.errors = errors
        }
    }

    let level: @LoopActor @Sendable () -> String
    let setLevel: @LoopActor @Sendable (String) -> Void
    let troubles: @LoopActor @Sendable () -> Troubles

    /// A control of its parts.
    ///
    /// - Parameters:
    ///   - level: The present level.
    ///   - setLevel: Takes one of ``BridgeSettings/logLevels``.
    ///   - troubles: What came within the last hour.
    public init(
        level: @escaping @LoopActor @Sendable () -> String,
        setLevel: @escaping @LoopActor @Sendable (String) -> Void,
        troubles: @escaping @LoopActor @Sendable () -> Troubles
    ) {
        self.level = level
        self.setLevel = setLevel
        self.troubles = troubles
    }
}
