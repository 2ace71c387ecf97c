/// Something whose change the health polls report; the raw value is its bit in the changed flags.
///
/// The same bits stand in the Composite Controller Status of the subsystem poll and in the changed
/// flags of the controller poll.
enum HealthChange: UInt16, CaseIterable {
    case ready = 0
    case fatalStatus = 1
    case shutdownStatus = 2
    case subsystemReset = 4
    case controllerEnable = 5
    case namespaceAttribute = 6
    case firmwareActivated = 7
    case controllerStatus = 8
    case temperature = 9
    case percentageUsed = 10
    case availableSpare = 11
    case criticalWarning = 12
    case telemetryAvailable = 13

    /// The change's bit, together with the one that stands for any change of controller status.
    var flags: UInt16 {
        let flag: UInt16 = 1 << rawValue
        return rawValue < HealthChange.controllerStatus.rawValue
            ? flag | HealthChange.controllerStatus.flag : flag
    }

    /// The change's own bit.
    var flag: UInt16 { 1 << rawValue }

    /// Position of the change in the Configuration Set that clears it, which leaves out the
    /// reserved bit 3.
    var configurationBit: UInt32 { UInt32(rawValue < 3 ? rawValue : rawValue - 1) }
}
