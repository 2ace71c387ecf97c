/// Feature identifiers that the simulated drive knows.
///
/// Those that NVMe-MI prohibits out of band (arbitration, queues, interrupts and the like) are not among them.
enum FeatureIdentifier {
    static let powerManagement: UInt8 = 0x02
    static let temperatureThreshold: UInt8 = 0x04
    static let autonomousPowerState: UInt8 = 0x0C
    static let timestamp: UInt8 = 0x0E
    static let thermalManagement: UInt8 = 0x10
    static let nonOperationalPower: UInt8 = 0x11
    static let sanitizeConfiguration: UInt8 = 0x17
    static let commandSetProfile: UInt8 = 0x19
    static let spinup: UInt8 = 0x1A
    static let enhancedControllerMetadata: UInt8 = 0x7D
    static let controllerMetadata: UInt8 = 0x7E
    static let namespaceMetadata: UInt8 = 0x7F
    static let writeProtection: UInt8 = 0x84
    static let vendorSpecific: UInt8 = 0xC0
}
