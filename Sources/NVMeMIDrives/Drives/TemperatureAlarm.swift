/// Whether a temperature is over a threshold, with some degrees between becoming so and ceasing to be.
public struct TemperatureAlarm: Sendable {
    /// Degrees by which it must have fallen below the threshold.
    static let hysteresis: Int16 = 1

    /// Whether it is over.
    public private(set) var isAsserted = false

    /// Takes a temperature and the threshold, in degrees Celsius; what is unknown changes nothing.
    ///
    /// - Returns: Whether it is another than before.
    mutating func take(_ celsius: Int16?, threshold: Int16?) -> Bool {
        guard let threshold else {
            defer { isAsserted = false }
            return isAsserted
        }
        guard let celsius else { return false }
        let lowest = Int16.min + Self.hysteresis
        let limit = isAsserted ? max(lowest, threshold) - Self.hysteresis : threshold
        let isOver = celsius >= limit
        defer { isAsserted = isOver }
        return isOver != isAsserted
    }
}
