import DBus
import EventLoop
import NVMeMI
import NVMeMIDrives

/// Something that happened to a drive, as an entry of OpenBMC's event log, of which bmcweb makes a Redfish event.
struct DriveEvent: Equatable, Sendable {
    /// As urgent as the log has it.
    enum Severity: String, Sendable {
        case critical = "Critical"
        case warning = "Warning"
        case informational = "Informational"
    }

    /// What the log calls it; of events of Redfish's registries that is a text.
    let name: String
    /// What the log keeps beside it.
    let data: [String: String]
    let severity: Severity
    /// The message of a registry.
    let message: String
    /// For people.
    let text: String
    /// Where the drive is, for people.
    let place: String
    /// Whether it only tells of the way to something that is told as well: it is left out first.
    var isStep = false

    static func inserted(at place: String) -> DriveEvent {
        DriveEvent(device: "DriveInserted", place, .informational, "was inserted")
    }

    static func removed(at place: String) -> DriveEvent {
        DriveEvent(device: "DriveRemoved", place, .warning, "was removed")
    }

    static func missing(at place: String) -> DriveEvent {
        DriveEvent(device: "DriveMissing", place, .warning, "is missing since the last run")
    }

    fileprivate init(
        device message: String,
        _ place: String,
        _ severity: Severity,
        _ text: String
    ) {
        self.init(
            message: "StorageDevice.1.2.\(message)",
            [place],
            at: place,
            severity,
            "The drive in \(place) \(text)."
        )
    }

    fileprivate init(
        message: String,
        _ arguments: [String],
        at place: String,
        _ severity: Severity,
        _ text: String
    ) {
        self.place = place
        name = text
        data = [
            "REDFISH_MESSAGE_ID": message,
            "REDFISH_MESSAGE_ARGS": arguments.map { $0.replacing(",", with: ";") }
                .joined(separator: ","),
        ]
        self.severity = severity
        self.message = message
        self.text = text
    }

    /// An event that OpenBMC's interfaces declare, of which bmcweb finds the registry by itself.
    init(
        declared name: String,
        _ data: [String: String],
        at place: String,
        _ severity: Severity,
        _ text: String
    ) {
        self.place = place
        self.name = OpenBMCName.prefix + name
        self.data = data
        self.severity = severity
        message = self.name
        self.text = text
    }
}

/// What can be the matter with a drive for as long as it is so, with the events of its beginning and its end.
enum DriveMatter: CaseIterable {
    case failure
    case unreachable
    case predictedFailure
    case warningTemperature
    case criticalTemperature
    case resetRequired

    @LoopActor
    func isSo(of drive: Drive) -> Bool {
        let warnings = drive.health?.warnings ?? []
        return switch self {
        case .failure: drive.condition == .failed
        // One that sleeps with its host does as it should.
        case .unreachable:
            drive.condition == .offline
                && !(drive.activeEndpoint?.fleet.isHostAsleep ?? false)
        case .predictedFailure: !warnings.isDisjoint(with: Self.predictions)
        case .warningTemperature: drive.isHealthCurrent && drive.warningAlarm.isAsserted
        case .criticalTemperature: drive.isHealthCurrent && drive.criticalAlarm.isAsserted
        case .resetRequired: !(drive.health?.status.contains(.resetNotRequired) ?? true)
        }
    }

    /// Whether the drive, or its silence, has told since it came.
    @LoopActor
    func isKnown(of drive: Drive) -> Bool {
        switch self {
        case .failure, .unreachable: drive.condition != .notReady
        case .predictedFailure, .warningTemperature, .criticalTemperature, .resetRequired:
            drive.health != nil
        }
    }

    /// The warnings that say that the drive will not last, or has lost what it must have.
    private static let predictions: CriticalWarnings = [
        .availableSpare, .reliability, .readOnly, .volatileMemoryBackup,
    ]

    /// The event of its beginning or its end; nil where nobody has to know.
    @LoopActor
    func event(of drive: Drive, _ isSo: Bool) -> DriveEvent? {
        let place = drive.place
        switch self {
        case .failure:
            return isSo
                ? DriveEvent(
                    device: "DriveFailure",
                    place,
                    .critical,
                    drive.state == .unavailable ? "does not answer" : "does not do what it must"
                )
                : DriveEvent(
                    device: "DriveFailureCleared",
                    place,
                    .informational,
                    "does what it must again"
                )
        case .unreachable:
            return isSo
                ? DriveEvent(device: "DriveOffline", place, .warning, "cannot be reached")
                : DriveEvent(device: "DriveOK", place, .informational, "can be reached again")
        case .predictedFailure:
            let words = drive.health?.warnings.intersection(Self.predictions).setNames ?? []
            return isSo
                ? DriveEvent(
                    device: "DrivePredictiveFailure",
                    place,
                    .warning,
                    "warns that it will fail: \(words.joined(separator: ", "))"
                )
                : DriveEvent(
                    device: "DrivePredictiveFailureCleared",
                    place,
                    .informational,
                    "no longer warns that it will fail"
                )
        case .warningTemperature:
            return temperature("Warning", isSo, of: drive, drive.warningTemperature)
        case .criticalTemperature:
            return temperature("Critical", isSo, of: drive, drive.criticalTemperature)
        case .resetRequired:
            guard isSo else { return nil }
            return DriveEvent(
                message: "Base.1.13.ResetRequired",
                [OpenBMCPaths.drive(drive.name).string, "ForceRestart"],
                at: place,
                .warning,
                "The drive in \(place) needs a reset."
            )
        }
    }

    @LoopActor
    private func temperature(
        _ word: String,
        _ isSo: Bool,
        of drive: Drive,
        _ threshold: Int16?
    ) -> DriveEvent {
        let celsius = drive.health?.temperature.celsius.map { "\($0)" } ?? "unknown"
        let limit = threshold.map { "\($0)" } ?? "unknown"
        let severity: DriveEvent.Severity =
            !isSo ? .informational : word == "Critical" ? .critical : .warning
        return DriveEvent(
            message: "OpenBMC.0.1.SensorThreshold\(word)HighGoing\(isSo ? "High" : "Low")",
            [drive.name, celsius, limit],
            at: drive.place,
            severity,
            "The drive in \(drive.place) has \(celsius) °C, "
                + (isSo ? "which reaches" : "and is again below")
                + " its \(word.lowercased()) threshold of \(limit) °C."
        )
    }
}

extension Drive {
    /// Where it is, for people; its name where nobody has said.
    var place: String { location.isEmpty ? name : location }
}
