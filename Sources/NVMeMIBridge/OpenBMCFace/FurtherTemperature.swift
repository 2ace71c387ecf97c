import DBus
import EventLoop
import NVMeMIDrives

/// One of the temperature sensors that a drive has beside its composite temperature, as a sensor of its own.
@LoopActor
final class FurtherTemperature {
    private let number: UInt8
    private unowned let view: DriveView

    /// How many intervals a value may be old.
    private static let patience = 2

    init(_ number: UInt8, of view: DriveView) {
        self.number = number
        self.view = view
    }

    var path: ObjectPath { OpenBMCPaths.temperature(number, of: view.drive.name) }

    /// Everything that it is to be seen as.
    var interfaces: [BoundInterface] {
        [
            Self.value.bound(to: self), DriveSensors.type.bound(to: view),
            Self.availability.bound(to: self), DriveDecorators.operationalStatus.bound(to: view),
            DriveSensors.associations.bound(to: view),
        ]
    }

    /// Degrees Celsius; not a number while nobody knows, and when the log was read too long ago.
    private var celsius: Double {
        let drive = view.drive
        let age = Duration.milliseconds(
            Int64(clamping: WallClock.nanoseconds / 1_000_000 &- drive.countersUpdated)
        )
        // The log is read beside a health poll.
        let limit = drive.activeEndpoint.map {
            max($0.fleet.settings.countersInterval, $0.health.interval) * Self.patience
        }
        guard drive.isHealthCurrent, let limit, age <= limit,
            let reading = drive.counters?.temperatures.first(where: { $0.number == number })
        else { return .nan }
        return Double(reading.celsius)
    }

    private static let value = DriveSensors.value(
        unit: "DegreesC",
        range: -273...127,
        documentation: "What the SMART log said that was read last."
    ) { (sensor: FurtherTemperature) in sensor.celsius }

    private static let availability = Interface<FurtherTemperature>(
        OpenBMCName.interface("State.Decorator.Availability"),
        documentation: "Whether there is a value.",
        right: .reading
    ) {
        Property(
            "Available",
            "False while there is no value, and the drive has not failed.",
            .emitsChange
        ) { (sensor: FurtherTemperature) in
            let condition = sensor.view.condition
            return condition.isAvailable && !(condition.isFunctional && sensor.celsius.isNaN)
        }
    }
}
