/// From which temperatures on a drive is too warm, in degrees Celsius, where somebody wants other ones than the
/// drive's own.
public struct TemperatureThresholds: Equatable, Sendable {
    /// From where on people are warned; nil for the drive's own.
    public var warning: Int16?
    /// What the drive can bear; nil for the drive's own.
    public var critical: Int16?

    /// What a threshold can be: what a health poll can tell.
    public static let allowed: ClosedRange<Int16> = -60...127

    /// The drive's own.
    public init() {}
}
