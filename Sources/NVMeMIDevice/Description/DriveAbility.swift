/// What a drive can have besides commands: log pages, Identify structures and features that belong together.
///
/// Identify Controller says which the drive has, and the lists that it keeps of its log pages and features agree.
public enum DriveAbility: String, Sendable, Hashable, CaseIterable {
    /// Commands Supported and Effects log (LPA bit 1).
    case commandEffects = "command-effects"
    /// Telemetry logs (LPA bit 3).
    case telemetry
    /// A fourth area of telemetry (LPA bit 6).
    case telemetryArea4 = "telemetry-area-4"
    /// Device self-tests that refresh (DSTO bit 1).
    case selfTestRefresh = "self-test-refresh"
    /// Lists of supported log pages, features and NVMe-MI commands (LPA bit 5).
    case supportedLists = "supported-lists"
    /// Persistent Event log (LPA bit 4).
    case persistentEvents = "persistent-events"
    /// Default, saved and capability values of features (ONCS bit 4).
    case selectFeatures = "select-features"
    /// Timestamp feature (ONCS bit 6).
    case timestamp
    /// Endurance groups (CTRATT bit 4), with their logs.
    case enduranceGroups = "endurance-groups"
    /// NVM sets (CTRATT bit 2).
    case sets = "nvm-sets"
    /// Predictable latency of NVM sets (CTRATT bit 5).
    case predictableLatency = "predictable-latency"
    /// Asymmetric namespace access (CMIC bit 3).
    case asymmetricAccess = "asymmetric-access"
    /// Domains (CTRATT bit 10), with media units and capacity configurations.
    case domains
    /// LBA Status Information log.
    case lbaStatus = "lba-status"
    /// Boot partitions (BPCAP) and their log.
    case bootPartitions = "boot-partitions"
    /// Rotational media log.
    case rotational
    /// Dispersed namespaces log.
    case dispersed = "dispersed-namespaces"
    /// Management Address List log.
    case managementAddresses = "management-addresses"
    /// Eye opening measurement log.
    case eyeOpening = "eye-opening"
    /// Reachability groups and associations.
    case reachability
    /// Flexible data placement (CTRATT bit 19).
    case dataPlacement = "data-placement"
    /// Reservations (ONCS bit 5) and their notification log.
    case reservations
    /// Zoned namespaces' Changed Zone List log.
    case zones
    /// What a discovery controller tells.
    case discovery
    /// UUID list (CTRATT bit 9).
    case uuidList = "uuid-list"
    /// Namespace granularity list (CTRATT bit 7).
    case granularity = "namespace-granularity"
    /// Namespace write protection (NWPC) and its feature.
    case writeProtection = "write-protection"
    /// Metadata that hosts leave about themselves (features 7Dh to 7Fh).
    case hostMetadata = "host-metadata"
    /// A log page of the vendor's (C0h).
    case vendorLog = "vendor-log"

    /// What drives usually have.
    public static let usual: Set<DriveAbility> = [
        .commandEffects, .telemetry, .supportedLists, .selectFeatures, .timestamp,
    ]
}

extension Drive {
    func has(_ ability: DriveAbility) -> Bool { description.abilities.contains(ability) }
}
