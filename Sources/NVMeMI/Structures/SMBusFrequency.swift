/// A frequency of SMBus or I2C.
public struct SMBusFrequency: WireEnumeration {
    /// The code.
    public let rawValue: UInt8

    /// The frequency with a code.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The bus cannot be used.
    public static let notSupported = Self(rawValue: 0)
    /// 100 kHz.
    public static let kilohertz100 = Self(rawValue: 1)
    /// 400 kHz.
    public static let kilohertz400 = Self(rawValue: 2)
    /// 1 MHz.
    public static let megahertz1 = Self(rawValue: 3)

    /// Names in words.
    public static let names: KeyValuePairs<UInt8, String> = [
        0: "NotSupported", 1: "100kHz", 2: "400kHz", 3: "1MHz",
    ]

    /// Cycles per second, nil for codes that are none.
    public var hertz: UInt32? {
        switch self {
        case .kilohertz100: 100_000
        case .kilohertz400: 400_000
        case .megahertz1: 1_000_000
        default: nil
        }
    }

    /// The frequency with so many cycles per second, nil when there is no code for it.
    public init?(hertz: UInt32) {
        switch hertz {
        case 100_000: self = .kilohertz100
        case 400_000: self = .kilohertz400
        case 1_000_000: self = .megahertz1
        default: return nil
        }
    }
}
