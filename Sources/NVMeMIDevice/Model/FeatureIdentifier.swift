/// Feature identifiers that the simulated drive knows.
enum FeatureIdentifier {
    static let powerManagement: UInt8 = 0x02
    static let temperatureThreshold: UInt8 = 0x04
    static let autonomousPowerState: UInt8 = 0x0C
    static let timestamp: UInt8 = 0x0E
    static let thermalManagement: UInt8 = 0x10
    static let nonOperationalPower: UInt8 = 0x11
    static let sanitizeConfiguration: UInt8 = 0x17
}
