/// What of OpenBMC's view is shown.
public struct OpenBMCSettings: Equatable, Sendable {
    /// Whether it is shown at all.
    public var isShown = true
    /// The path of the chassis that the drives are in; nil for none.
    public var chassis: String?

    /// The defaults.
    public init() {}
}
