/// The features of one controller.
struct FeatureState {
    /// What a feature is capable of.
    struct Feature {
        var current: FeatureValue
        let standard: FeatureValue
        var saved: FeatureValue
        let isChangeable: Bool
        let isSaveable: Bool
        let isPerNamespace: Bool

        init(
            _ value: UInt32,
            data: [UInt8] = [],
            isChangeable: Bool = true,
            isSaveable: Bool = true,
            isPerNamespace: Bool = false
        ) {
            current = FeatureValue(value: value, data: data)
            standard = current
            saved = current
            self.isChangeable = isChangeable
            self.isSaveable = isSaveable
            self.isPerNamespace = isPerNamespace
        }

        /// Result of Get Features that asks for capabilities.
        var capabilities: UInt32 {
            (isSaveable ? 1 : 0) | (isPerNamespace ? 2 : 0) | (isChangeable ? 4 : 0)
        }
    }

    private(set) var features: [UInt8: Feature]
    /// Temperature thresholds by dword 11 bits 21:16 (sensor and kind).
    private var thresholds: [UInt32: UInt16] = [:]
    private let health: HealthDescription
    /// Milliseconds since the epoch at device time 0, and where that time came from.
    private var timestamp: (epoch: Int64, origin: UInt8) = (0, 0)

    init(_ description: DriveDescription) {
        health = description.health
        features = [
            FeatureIdentifier.powerManagement: Feature(0),
            FeatureIdentifier.temperatureThreshold: Feature(0, isSaveable: false),
            FeatureIdentifier.autonomousPowerState: Feature(
                0,
                data: Array(repeating: 0, count: 256)
            ),
            FeatureIdentifier.timestamp: Feature(
                0,
                data: Array(repeating: 0, count: 8),
                isSaveable: false
            ),
            FeatureIdentifier.thermalManagement: Feature(0),
            FeatureIdentifier.nonOperationalPower: Feature(0),
            FeatureIdentifier.sanitizeConfiguration: Feature(1),
        ]
        addOptional(description)
    }

    private mutating func addOptional(_ description: DriveDescription) {
        if !description.abilities.contains(.timestamp) {
            features[FeatureIdentifier.timestamp] = nil
        }
        if !description.optionalCommands.contains(.sanitize) {
            features[FeatureIdentifier.sanitizeConfiguration] = nil
        }
        if description.nvmeVersion >= 0x0002_0000 {
            features[FeatureIdentifier.commandSetProfile] = Feature(0)
        }
        if description.abilities.contains(.rotational) {
            features[FeatureIdentifier.spinup] = Feature(1)
        }
        let metadata = Array(repeating: UInt8(0), count: HostMetadata.size)
        if description.abilities.contains(.hostMetadata) {
            for identifier in [
                FeatureIdentifier.enhancedControllerMetadata, FeatureIdentifier.controllerMetadata,
            ] {
                features[identifier] = Feature(0, data: metadata, isSaveable: false)
            }
            features[FeatureIdentifier.namespaceMetadata] = Feature(
                0,
                data: metadata,
                isSaveable: false,
                isPerNamespace: true
            )
        }
        if description.abilities.contains(.writeProtection) {
            features[FeatureIdentifier.writeProtection] = Feature(
                0,
                isSaveable: false,
                isPerNamespace: true
            )
        }
        if description.optionalCommands.contains(.vendor) {
            features[FeatureIdentifier.vendorSpecific] = Feature(0)
        }
    }

    subscript(identifier: UInt8) -> Feature? { features[identifier] }

    mutating func set(_ identifier: UInt8, to value: FeatureValue, save: Bool) {
        features[identifier]?.current = value
        if save { features[identifier]?.saved = value }
    }

    /// Values that were not saved are those of the last save again.
    mutating func reset() {
        for identifier in features.keys {
            if let saved = features[identifier]?.saved {
                features[identifier]?.current = saved
            }
        }
        thresholds = [:]
        timestamp = (0, 0)
    }

    /// Threshold in kelvin for the sensor and kind in dword 11; `nil` for a sensor that is absent.
    func threshold(_ dword11: UInt32, isStandard: Bool = false) -> UInt16? {
        guard let key = thresholdKey(dword11) else { return nil }
        if !isStandard, let value = thresholds[key] { return value }
        guard key & 0x30 == 0 else { return 0 }
        return key == 0 ? Health.kelvin(health.warningTemperature) : 0xFFFF
    }

    /// Sets a threshold from dword 11; `false` for a sensor that is absent.
    mutating func setThreshold(_ dword11: UInt32) -> Bool {
        let value = UInt16(truncatingIfNeeded: dword11)
        let kind = dword11 >> 16 & 0x30
        if dword11 >> 16 & 0x0F == 0x0F {
            guard kind <= 0x10 else { return false }
            for sensor in 0...UInt32(health.sensors.count) { thresholds[kind | sensor] = value }
            return true
        }
        guard let key = thresholdKey(dword11) else { return false }
        thresholds[key] = value
        return true
    }

    private func thresholdKey(_ dword11: UInt32) -> UInt32? {
        let key = dword11 >> 16 & 0x3F
        let sensor = Int(key & 0x0F)
        return key & 0x30 <= 0x10 && sensor <= health.sensors.count ? key : nil
    }

    /// Sets the timestamp from its data.
    mutating func setTimestamp(_ data: [UInt8], at now: DeviceTime) {
        var milliseconds: Int64 = 0
        for byte in data.prefix(6).reversed() { milliseconds = milliseconds << 8 | Int64(byte) }
        timestamp = (milliseconds - Int64(clamping: now), 1)
    }

    /// The timestamp's data: milliseconds since the epoch or since power on, and its origin.
    func timestampData(at now: DeviceTime) -> [UInt8] {
        let milliseconds = UInt64(clamping: timestamp.epoch &+ Int64(clamping: now))
        let bytes = (0..<6).map { UInt8(truncatingIfNeeded: milliseconds >> (8 * $0)) }
        return bytes + [timestamp.origin << 1, 0]
    }
}
