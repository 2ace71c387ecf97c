import DBus
import EventLoop
import NVMeMI
import NVMeMIDrives

/// A drive as OpenBMC's interfaces show it, wherever they do.
@LoopActor
final class DriveView {
    let drive: Drive
    /// The path of the chassis that the configuration has for all drives; nil for none.
    private let configuredChassis: String?
    /// The controllers that are shown.
    var controllers: [UInt16: ControllerView] = [:]
    /// The paths of its objects.
    var published: [ObjectPath] = []
    /// As what it is published; nil before.
    var shown: Shape?
    /// The alarms that were told.
    var toldAlarms = (warning: false, critical: false)

    /// Its metrics; none where they are not shown.
    private(set) lazy var metrics =
        showsMetrics ? DriveMetrics.all.map { MetricView($0, of: self) } : []
    /// Its further temperature sensors, by their numbers.
    var furtherTemperatures: [UInt8: FurtherTemperature] = [:]
    /// When the counters were told that the metrics were taken with last.
    private var counted: UInt64 = 0
    private let showsMetrics: Bool

    /// Whether an update may reset it.
    let mayResetForUpdate: Bool
    /// Whether it takes resets by its state.
    let takesTransitions: Bool

    init(_ drive: Drive, _ settings: OpenBMCSettings) {
        self.drive = drive
        configuredChassis = settings.chassis
        mayResetForUpdate = settings.resetsForUpdates
        takesTransitions = settings.takesTransitions
        showsMetrics = settings.showsMetrics
    }

    /// What decides which objects there are of a drive, and by which interfaces.
    struct Shape: Equatable {
        let hasLocation: Bool
        let hasSlot: Bool
        let hasCounters: Bool
        let hasSpare: Bool
        let hasFirmware: Bool
        let hasWarning: Bool
        let hasCritical: Bool
        /// Numbers of its further temperature sensors.
        let sensors: [UInt8]
        /// Kept by their views, so that no other can be taken for one of them.
        let controllers: [ObjectIdentifier]
    }

    /// As what it is to be published.
    var shape: Shape {
        Shape(
            hasLocation: !drive.location.isEmpty,
            hasSlot: drive.slot != nil,
            hasCounters: drive.counters != nil,
            hasSpare: drive.availableSpare != nil,
            hasFirmware: drive.identity?.firmware.isEmpty == false,
            hasWarning: TemperatureThreshold.warning.isKnown(of: self),
            hasCritical: TemperatureThreshold.critical.isKnown(of: self),
            sensors: drive.counters?.temperatures.map(\.number) ?? [],
            controllers: drive.activeEndpoint?.inventory.controllers.map { ObjectIdentifier($0) }
                ?? []
        )
    }

    /// Takes the metrics anew when the drive has told its counters since, so that they are all of one time.
    ///
    /// - Returns: Whether they may be others now.
    func takeMetrics() -> Bool {
        guard showsMetrics, drive.countersUpdated != counted else { return false }
        counted = drive.countersUpdated
        for metric in metrics { metric.take(from: drive) }
        return true
    }

    /// Percent of the spare that is left; not a number while nobody knows.
    var availableSpare: Double {
        guard drive.isHealthCurrent, let spare = drive.availableSpare else { return .nan }
        return Double(spare)
    }

    /// The path of what it is in; nil where nobody tells.
    var chassis: String? { drive.chassis ?? configuredChassis }
    var facts: ControllerFacts? { drive.leadingController?.identity }
    var condition: DriveCondition { drive.condition }
    var path: ObjectPath { OpenBMCPaths.drive(drive.name) }

    /// Degrees Celsius; not a number while nobody knows.
    var temperature: Double {
        guard drive.isHealthCurrent, let celsius = drive.health?.temperature.celsius else {
            return .nan
        }
        return Double(celsius)
    }

    /// Percent of the drive's life; not a number while nobody knows.
    var percentageUsed: Double {
        guard drive.isHealthCurrent, let health = drive.health else { return .nan }
        return Double(health.percentageUsed)
    }

    /// Alarms are of what is measured: none of a drive that is off.
    var isOverWarning: Bool { drive.isHealthCurrent && drive.warningAlarm.isAsserted }
    var isOverCritical: Bool { drive.isHealthCurrent && drive.criticalAlarm.isAsserted }

    var warnings: CriticalWarnings { drive.health?.warnings ?? [] }
}

/// A controller as OpenBMC's interfaces show it.
@LoopActor
final class ControllerView {
    /// As the endpoint has it that commands take.
    var controller: Controller

    init(_ controller: Controller) {
        self.controller = controller
    }
}
