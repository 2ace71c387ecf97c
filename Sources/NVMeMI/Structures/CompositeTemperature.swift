/// The composite temperature as one byte (CTEMP): degrees Celsius from -60 to 127, or why there is none.
public struct CompositeTemperature: RawRepresentable, Hashable, Sendable {
    /// The code.
    public let rawValue: UInt8

    /// The temperature with a code.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// There was no measurement in the last five seconds.
    public static let noData = Self(rawValue: 0x80)
    /// The sensor failed.
    public static let sensorFailure = Self(rawValue: 0x81)

    /// The code for a temperature; one beyond the ends of the scale has the code of the end.
    public init(celsius: Int) {
        let clamped = Int8(Swift.min(Swift.max(celsius, -60), 127))
        rawValue = UInt8(bitPattern: clamped)
    }

    /// Degrees Celsius, nil when the code is not a temperature.
    ///
    /// The ends of the scale stand for everything beyond: -60 for less as well, 127 for more.
    public var celsius: Int16? {
        switch rawValue {
        case 0x00...0x7F: Int16(rawValue)
        case 0xC4...0xFF: Int16(Int8(bitPattern: rawValue))
        default: nil
        }
    }

    /// Why there is no temperature, or how far it can be believed: `Measured`, `AtOrAboveMaximum`, `AtOrBelowMinimum`,
    /// `NoData`, `SensorFailure`, or `Unknown` with the code.
    public var state: String {
        switch rawValue {
        case 0x00...0x7E, 0xC5...0xFF: "Measured"
        case 0x7F: "AtOrAboveMaximum"
        case 0xC4: "AtOrBelowMinimum"
        case Self.noData.rawValue: "NoData"
        case Self.sensorFailure.rawValue: "SensorFailure"
        default: "Unknown (\(rawValue.hexadecimal()))"
        }
    }
}

extension CompositeTemperature: WireScalar {}
