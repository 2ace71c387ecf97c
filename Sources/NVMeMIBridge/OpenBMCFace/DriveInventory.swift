import DBus
import EventLoop
import NVMeMI
import NVMeMIDrives

/// A drive in OpenBMC's inventory.
enum DriveInventory {
    static let all: [Interface<DriveView>] = [
        item, drive, asset, revision, state, status, associations,
    ]

    static let item = Interface<DriveView>(
        OpenBMCName.interface("Inventory.Item"),
        documentation: "A thing in the machine.",
        right: .reading
    ) {
        Property("PrettyName", "Its model, and its serial number.", .emitsChange) {
            (view: DriveView) in
            [view.drive.identity?.model, view.drive.identity?.serialNumber].compactMap { $0 }
                .filter { !$0.isEmpty }.joined(separator: " ")
        }
        Property("Present", "Whether it is there.", .emitsChange) { (_: DriveView) in true }
    }

    static let drive = Interface<DriveView>(
        OpenBMCName.interface("Inventory.Item.Drive"),
        documentation: "What kind of drive it is.",
        right: .reading
    ) {
        Property("Capacity", "In bytes; 0 while it is not known.", .emitsChange) {
            (view: DriveView) in
            view.facts?.totalCapacity ?? 0
        }
        Property("Protocol", "NVMe.", .constant) { (_: DriveView) in
            OpenBMCName.value("Inventory.Item.Drive.DriveProtocol.NVMe")
        }
        Property("Type", "SSD.", .constant) { (_: DriveView) in
            OpenBMCName.value("Inventory.Item.Drive.DriveType.SSD")
        }
        Property("EncryptionStatus", "Not known.", .constant) { (_: DriveView) in
            OpenBMCName.value("Inventory.Item.Drive.DriveEncryptionState.Unknown")
        }
        Property("LockedStatus", "Not known.", .constant) { (_: DriveView) in
            OpenBMCName.value("Inventory.Item.Drive.DriveLockState.Unknown")
        }
        Property(
            "PredictedMediaLifeLeftPercent",
            "In percent; 255 while it is not known.",
            .emitsChange
        ) { (view: DriveView) in
            view.drive.health.map { 100 - min($0.percentageUsed, 100) } ?? 255
        }
        Property("Resettable", "Whether State.Drive takes a transition.", .emitsChange) {
            (view: DriveView) in
            view.takesTransitions
        }
    }

    static let asset = Interface<DriveView>(
        OpenBMCName.interface("Inventory.Decorator.Asset"),
        documentation: "Who made it, and which one it is.",
        right: .reading
    ) {
        Property("Manufacturer", "The PCI vendor identifier, as 0x1234.", .emitsChange) {
            (view: DriveView) in view.drive.manufacturer
        }
        Property("Model", "Without the padding.", .emitsChange) { (view: DriveView) in
            view.drive.identity?.model ?? ""
        }
        Property("SerialNumber", "Without the padding.", .emitsChange) { (view: DriveView) in
            view.drive.identity?.serialNumber ?? ""
        }
        Property("PartNumber", "Not told by NVMe.", .constant) { (_: DriveView) in "" }
        Property("SparePartNumber", "Not told by NVMe.", .constant) { (_: DriveView) in "" }
        Property("BuildDate", "Not told by NVMe.", .constant) { (_: DriveView) in "" }
        Property("SubModel", "Not told by NVMe.", .constant) { (_: DriveView) in "" }
    }

    static let revision = Interface<DriveView>(
        OpenBMCName.interface("Inventory.Decorator.Revision"),
        documentation: "Which revision it is of.",
        right: .reading
    ) {
        Property("Version", "The active firmware's revision.", .emitsChange) { (view: DriveView) in
            view.drive.identity?.firmware ?? ""
        }
    }

    static let state = Interface<DriveView>(
        OpenBMCName.interface("State.Drive"),
        documentation: "How the drive is.",
        right: .reading
    ) {
        Property("Rebuilding", "NVMe drives rebuild nothing.", .constant) { (_: DriveView) in false
        }
        Property("CurrentDriveState", "What it is doing.", .emitsChange) { (view: DriveView) in
            OpenBMCName.value("State.Drive.DriveState.\(view.condition.driveState)")
        }
        Property(
            "RequestedDriveTransition",
            """
            What the drive is to do: Reboot, which shuts it down before, or HardReboot. NotSupported unless \
            drive-transitions in the configuration lets it. What comes of it tells CurrentDriveState.
            """,
            .emitsChange,
            get: { (view: DriveView) in
                view.takesTransitions ? DriveTransition.none : DriveTransition.notSupported
            },
            setLater: { (view: DriveView, call: Invocation, request: String) in
                try await view.request(request, for: call)
            }
        )
        Property("LastRebootTime", "Not known: the largest number.", .constant) { (_: DriveView) in
            UInt64.max
        }
    }

    static let status = Interface<DriveView>(
        OpenBMCName.interface("Nvme.Status"),
        documentation: "The warnings of the drive, as the health polls bring them.",
        right: .reading
    ) {
        Property("SmartWarnings", "The byte of critical warnings, in decimal.", .emitsChange) {
            (view: DriveView) in "\(view.warnings.rawValue)"
        }
        Property("StatusFlags", "The byte of the subsystem's status, in decimal.", .emitsChange) {
            (view: DriveView) in "\(view.drive.health?.status.rawValue ?? 0)"
        }
        Property(
            "DriveLifeUsed",
            "In percent, in decimal; empty while it is not known.",
            .emitsChange
        ) {
            (view: DriveView) in view.drive.health.map { "\($0.percentageUsed)" } ?? ""
        }
        fault("CapacityFault", "The available spare is below its threshold.", .availableSpare)
        fault("TemperatureFault", "A temperature is beyond a threshold.", .temperature)
        fault("DegradesFault", "Reliability is degraded.", .reliability)
        fault("MediaFault", "The media can only be read.", .readOnly)
        fault("BackupDeviceFault", "The backup of volatile memory failed.", .volatileMemoryBackup)
    }

    private static func fault(
        _ name: MemberName,
        _ documentation: String,
        _ warning: CriticalWarnings
    ) -> Property<DriveView> {
        Property(name, documentation, .emitsChange) { (view: DriveView) in
            view.warnings.contains(warning)
        }
    }

    static let associations = Associations.interface { (view: DriveView) in
        [Associations.to(OpenBMCPaths.storage, "storage", "drive")]
            + Associations.toChassis(of: view, "drive")
    }
}

extension DriveCondition {
    /// Its name in `State.Drive`.
    fileprivate var driveState: String {
        switch self {
        case .working: "Ready"
        case .notReady: "NotReady"
        case .offline: "Offline"
        case .failed: "Unknown"
        }
    }
}
