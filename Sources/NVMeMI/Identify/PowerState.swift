/// Power State Descriptor: what one power state of a controller takes and how long it takes to enter and leave.
public struct PowerState: WireStructure {
    /// Greatest power in the unit that `isMaximumPowerFine` says.
    public var maximumPower: UInt16 = 0
    /// True when the greatest power is in units of 0.0001 W, else 0.01 W.
    public var isMaximumPowerFine = false
    /// True when the controller processes no I/O commands in the state.
    public var isNonOperational = false
    /// Longest time to enter the state in microseconds.
    public var entryLatency: UInt32 = 0
    /// Longest time to leave the state in microseconds.
    public var exitLatency: UInt32 = 0
    /// Rank by read throughput; less is better.
    public var relativeReadThroughput: UInt8 = 0
    /// Rank by read latency; less is better.
    public var relativeReadLatency: UInt8 = 0
    /// Rank by write throughput; less is better.
    public var relativeWriteThroughput: UInt8 = 0
    /// Rank by write latency; less is better.
    public var relativeWriteLatency: UInt8 = 0
    /// Typical power when idle, in the unit that `idlePowerScale` says.
    public var idlePower: UInt16 = 0
    /// Unit of the idle power.
    public var idlePowerScale = PowerScale.notReported
    /// Greatest average power under a workload, in the unit that `activePowerScale` says.
    public var activePower: UInt16 = 0
    /// The workload that the active power is for.
    public var activePowerWorkload: UInt8 = 0
    /// Unit of the active power.
    public var activePowerScale = PowerScale.notReported
    /// Emergency power fail recovery time.
    public var emergencyPowerFailRecoveryTime: UInt8 = 0
    /// Forced quiescence vault time.
    public var forcedQuiescenceVaultTime: UInt8 = 0
    /// Emergency power fail vault time.
    public var emergencyPowerFailVaultTime: UInt8 = 0
    /// Units of the recovery time and the forced quiescence vault time.
    public var recoveryTimeScales: UInt8 = 0
    /// Unit of the emergency power fail vault time.
    public var vaultTimeScale: UInt8 = 0

    /// A state of no power.
    public init() {}

    /// The fields and their places; powers are shown in watts, latencies in microseconds.
    public static let layout = Layout<Self>("Power State Descriptor", size: 32) {
        Field("MaximumPower", at: 0, \.maximumPower, shown: .hidden)
        Field("MaximumPowerScale", at: 3, bit: 0, \.isMaximumPowerFine, shown: .hidden)
        Field(derived: "MaximumPower") { state in
            let scale = state.isMaximumPowerFine ? PowerScale.tenthOfMilliwatt : .hundredthOfWatt
            return scale.watts(state.maximumPower).map { .fraction($0) }
        }
        Field("NonOperational", at: 3, bit: 1, \.isNonOperational)
        Field("EntryLatency", at: 4, \.entryLatency)
        Field("ExitLatency", at: 8, \.exitLatency)
        Field("RelativeReadThroughput", at: 12, bits: 0...4, \.relativeReadThroughput)
        Field("RelativeReadLatency", at: 13, bits: 0...4, \.relativeReadLatency)
        Field("RelativeWriteThroughput", at: 14, bits: 0...4, \.relativeWriteThroughput)
        Field("RelativeWriteLatency", at: 15, bits: 0...4, \.relativeWriteLatency)
        Field("IdlePower", at: 16, \.idlePower, shown: .hidden)
        Field("IdlePowerScale", at: 18, bits: 6...7, \.idlePowerScale, shown: .hidden)
        Field(derived: "IdlePower") { state in
            state.idlePowerScale.watts(state.idlePower).map { .fraction($0) }
        }
        Field("ActivePower", at: 20, \.activePower, shown: .hidden)
        Field("ActivePowerWorkload", at: 22, bits: 0...2, \.activePowerWorkload, shown: .nonZero)
        Field("ActivePowerScale", at: 22, bits: 6...7, \.activePowerScale, shown: .hidden)
        Field(derived: "ActivePower") { state in
            state.activePowerScale.watts(state.activePower).map { .fraction($0) }
        }
        Field(
            "EmergencyPowerFailRecoveryTime",
            at: 23,
            \.emergencyPowerFailRecoveryTime,
            shown: .nonZero
        )
        Field("ForcedQuiescenceVaultTime", at: 24, \.forcedQuiescenceVaultTime, shown: .nonZero)
        Field(
            "EmergencyPowerFailVaultTime",
            at: 25,
            \.emergencyPowerFailVaultTime,
            shown: .nonZero
        )
        Field("RecoveryTimeScales", at: 26, \.recoveryTimeScales, shown: .nonZero)
        Field("VaultTimeScale", at: 27, \.vaultTimeScale, shown: .nonZero)
    }
}

/// The unit of a power.
public struct PowerScale: WireEnumeration {
    /// The code.
    public let rawValue: UInt8

    /// The unit with a code.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The power is not reported.
    public static let notReported = Self(rawValue: 0)
    /// 0.0001 W.
    public static let tenthOfMilliwatt = Self(rawValue: 1)
    /// 0.01 W.
    public static let hundredthOfWatt = Self(rawValue: 2)

    /// Names in words.
    public static let names: KeyValuePairs<UInt8, String> = [
        0: "NotReported", 1: "0.0001W", 2: "0.01W",
    ]

    /// A number of these units in watts, nil when it is not reported.
    public func watts(_ number: UInt16) -> Double? {
        switch self {
        case .tenthOfMilliwatt: Double(number) / 10_000
        case .hundredthOfWatt: Double(number) / 100
        default: nil
        }
    }
}
