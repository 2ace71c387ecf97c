public import NVMeMIClient

/// Everything about the bridge that can be set.
public struct BridgeSettings: Equatable, Sendable {
    /// Limits and times of every endpoint's session.
    public var session = SessionSettings()
    /// Method calls that one D-Bus client may have open.
    public var callsPerClient = 128
    /// Method calls that may be open altogether.
    public var calls = 1024
    /// The first pause before an endpoint that does not answer is tried again; doubled each time.
    public var firstRetry: Duration = .seconds(1)
    /// The longest pause before an endpoint that does not answer is tried again.
    public var lastRetry: Duration = .seconds(60)
    /// How long endpoints stay published while mctpd is away.
    public var mctpdGrace: Duration = .seconds(30)
    /// How long the calls that are open when the bridge is told to end may still take.
    public var shutdownGrace: Duration = .seconds(5)
    /// The least urgent log entries that are written: error, warning, notice, info, debug or trace.
    public var logLevel = "info"

    /// The log levels that there are, most urgent first.
    public static let logLevels = ["error", "warning", "notice", "info", "debug", "trace"]

    /// The defaults.
    public init() {}
}
