/// What of OpenBMC's view is shown.
public struct OpenBMCSettings: Equatable, Sendable {
    /// Whether it is shown at all.
    public var isShown = true
    /// The path of the chassis that the drives are in; nil for none.
    public var chassis: String?

    /// Whether metrics are shown.
    public var showsMetrics = false
    /// Whether a firmware update that is to be applied at once may reset the drive.
    public var resetsForUpdates = false
    /// Whether drives take transitions: resets that are requested by their state.
    public var takesTransitions = false

    /// The defaults.
    public init() {}
}
