import DBus
import EventLoop
import NVMeMIDrives

/// The sensors of a drive.
enum DriveSensors {
    static let temperature: [Interface<DriveView>] =
        [value(.temperature), type, availability(.temperature), DriveDecorators.operationalStatus]
        + [associations]

    static let percentageUsed: [Interface<DriveView>] =
        [
            value(.percentageUsed), type, availability(.percentageUsed),
            DriveDecorators.operationalStatus,
        ]
        + [associations]

    static let availableSpare: [Interface<DriveView>] =
        [
            value(.availableSpare), type, availability(.availableSpare),
            DriveDecorators.operationalStatus,
        ]
        + [associations]

    /// What is measured.
    struct Quantity: Sendable {
        let unit: String
        let range: ClosedRange<Double>
        let read: @LoopActor @Sendable (DriveView) -> Double

        static let temperature = Quantity(unit: "DegreesC", range: -60...127) { $0.temperature }
        static let availableSpare = Quantity(unit: "Percent", range: 0...100) { $0.availableSpare }
        static let percentageUsed = Quantity(unit: "Percent", range: 0...255) { $0.percentageUsed }
    }

    private static func value(_ quantity: Quantity) -> Interface<DriveView> {
        value(
            unit: quantity.unit,
            range: quantity.range,
            documentation: "What the last health poll said.",
            read: quantity.read
        )
    }

    /// The value of a sensor, whatever stands for that.
    static func value<Sensor: AnyObject>(
        unit: String,
        range: ClosedRange<Double>,
        documentation: String,
        read: @escaping @LoopActor @Sendable (Sensor) -> Double
    ) -> Interface<Sensor> {
        Interface(
            OpenBMCName.interface("Sensor.Value"),
            documentation: documentation,
            right: .reading
        ) {
            Property("Value", "Not a number while nobody knows.", .emitsChange) {
                (sensor: Sensor) in
                read(sensor)
            }
            Property("MaxValue", "The most that can be told.", .constant) { (_: Sensor) in
                range.upperBound
            }
            Property("MinValue", "The least that can be told.", .constant) { (_: Sensor) in
                range.lowerBound
            }
            Property("Unit", "Of the three.", .constant) { (_: Sensor) in
                OpenBMCName.value("Sensor.Value.Unit.\(unit)")
            }
        }
    }

    private static func availability(_ quantity: Quantity) -> Interface<DriveView> {
        DriveDecorators.availability(
            "False while there is no value, and the drive has not failed."
        ) { view in
            view.condition.isAvailable
                && !(view.condition.isFunctional && quantity.read(view).isNaN)
        }
    }

    static let type = Interface<DriveView>(
        OpenBMCName.interface("Sensor.Type"),
        documentation: "Where the value comes from.",
        right: .reading
    ) {
        Property("ReadingBasis", "From zero.", .constant) { (_: DriveView) in
            OpenBMCName.value("Sensor.Type.ReadingBasisType.Zero")
        }
        Property("Implementation", "The drive reports it.", .constant) { (_: DriveView) in
            OpenBMCName.value("Sensor.Type.ImplementationType.Reported")
        }
    }

    static let associations = Associations.interface { (view: DriveView) in
        [Associations.to(view.path, "inventory", "sensors")]
            + Associations.toChassis(of: view, "all_sensors")
    }
}
