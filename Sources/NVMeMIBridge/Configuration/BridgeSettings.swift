public import NVMeMIDrives

/// Everything about the bridge that can be set.
public struct BridgeSettings: Equatable, Sendable {
    /// How the fleet of drives is treated.
    public var fleet = FleetSettings()
    /// Method calls that one D-Bus client may have open.
    public var callsPerClient = 128
    /// Method calls that all clients of one user together may have open; root's are not counted.
    public var callsPerUser = 512
    /// Method calls that may be open altogether.
    public var calls = 1024
    /// How long the calls that are open when the bridge is told to end may still take.
    public var shutdownGrace: Duration = .seconds(5)
    /// The least urgent log entries that are written: error, warning, notice, info, debug or trace.
    public var logLevel = "info"
    /// The group whose members may change drives.
    public var administrators = "nvme-admin"

    /// What of OpenBMC's view is shown.
    public var openBMC = OpenBMCSettings()

    /// The log levels that there are, most urgent first.
    public static let logLevels = ["error", "warning", "notice", "info", "debug", "trace"]

    /// The defaults.
    public init() {}
}
