/// A temperature on the wire, in whole kelvin.
///
/// Named values show every temperature as `Int16` degrees Celsius, by the rule of the standards that 0 °C is 273 K.
public struct Temperature: Hashable, Sendable {
    /// Kelvin, as on the wire.
    public let kelvin: UInt16

    /// A temperature in kelvin.
    public init(kelvin: UInt16) { self.kelvin = kelvin }

    /// A temperature in degrees Celsius; one that no `UInt16` of kelvin holds is the nearest that one does.
    public init(celsius: Int) {
        let (sum, isBeyond) = celsius.addingReportingOverflow(273)
        kelvin = isBeyond ? .max : UInt16(clamping: sum)
    }

    /// Degrees Celsius; a temperature beyond the type is its greatest value.
    public var celsius: Int16 { Int16(clamping: Int32(kelvin) - 273) }
}
