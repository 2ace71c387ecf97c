import DBus
import EventLoop
import NVMeMIDrives

/// One of the temperature sensors that a drive has beside its composite temperature, as a sensor of its own.
@LoopActor
final class FurtherTemperature {
    let path: ObjectPath
    private let number: UInt8
    private let drive: Drive
    /// Degrees that a sensor can tell; a drive that tells others lies, or has none there.
    private static let range = -60.0...127.0

    /// How many intervals a value may be old.
    private static let patience = 2

    init(_ number: UInt8, of drive: Drive) {
        self.number = number
        self.drive = drive
        path = OpenBMCPaths.temperature(number, of: drive.name)
    }

    /// Everything that it is to be seen as, by the view of its drive, of which it has what is the same for all sensors.
    func interfaces(of view: DriveView) -> [BoundInterface] {
        [
            Self.value.bound(to: self), DriveSensors.type.bound(to: view),
            Self.availability.bound(to: self), DriveDecorators.operationalStatus.bound(to: view),
            DriveSensors.associations.bound(to: view),
        ]
    }

    /// Degrees Celsius; not a number while nobody knows, and when the log was read too long ago.
    private var celsius: Double {
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
        let celsius = Double(reading.celsius)
        return Self.range.contains(celsius) ? celsius : .nan
    }

    private static let value = DriveSensors.value(
        unit: "DegreesC",
        range: range,
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
            let condition = sensor.drive.condition
            return condition.isAvailable && !(condition.isFunctional && sensor.celsius.isNaN)
        }
    }
}
