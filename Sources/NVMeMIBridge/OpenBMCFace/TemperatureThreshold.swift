import DBus
import EventLoop
import NVMeMIDrives

/// A threshold of a drive's temperature, as `Sensor.Threshold.…` shows it.
///
/// Who shows a drive without the threshold leaves the interface out.
struct TemperatureThreshold: Sendable {
    let interface: Interface<DriveView>
    private let asserted: DBus.Signal<Double>
    private let deasserted: DBus.Signal<Double>
    private let celsius: @LoopActor @Sendable (ControllerFacts) -> Int16?

    static let warning = TemperatureThreshold(
        "Warning",
        { $0.warningTemperature },
        { $0.isOverWarning }
    )
    static let critical = TemperatureThreshold(
        "Critical",
        { $0.criticalTemperature },
        { $0.isOverCritical }
    )

    private init(
        _ name: String,
        _ celsius: @escaping @LoopActor @Sendable (ControllerFacts) -> Int16?,
        _ isAsserted: @escaping @LoopActor @Sendable (DriveView) -> Bool
    ) {
        let asserted = DBus.Signal(
            MemberName(stringLiteral: "\(name)HighAlarmAsserted"),
            "The temperature has reached the threshold.",
            Parameter<Double>("value")
        )
        let deasserted = DBus.Signal(
            MemberName(stringLiteral: "\(name)HighAlarmDeasserted"),
            "The temperature is below the threshold again.",
            Parameter<Double>("value")
        )
        self.asserted = asserted
        self.deasserted = deasserted
        self.celsius = celsius
        interface = Interface(
            OpenBMCName.interface("Sensor.Threshold.\(name)"),
            documentation: "From which temperature on the drive is too warm, by its own word.",
            right: .reading
        ) {
            Property(
                MemberName(stringLiteral: "\(name)High"),
                "In degrees Celsius.",
                .emitsChange
            ) { (view: DriveView) in
                view.facts.flatMap(celsius).map(Double.init) ?? .nan
            }
            Property(MemberName(stringLiteral: "\(name)Low"), "There is none.", .constant) {
                (_: DriveView) in Double.nan
            }
            Property(
                MemberName(stringLiteral: "\(name)AlarmHigh"),
                "Whether the temperature has reached it.",
                .emitsChange
            ) { (view: DriveView) in isAsserted(view) }
            Property(MemberName(stringLiteral: "\(name)AlarmLow"), "Never.", .constant) {
                (_: DriveView) in false
            }
            asserted
            deasserted
        }
    }

    /// Whether the drive has such a threshold.
    @LoopActor
    func isKnown(of view: DriveView) -> Bool { view.facts.flatMap(celsius) != nil }

    /// Tells by a signal that the alarm is another now.
    @LoopActor
    func tell(_ isAsserted: Bool, of view: DriveView, on objects: ObjectTree) {
        try? objects.emit(
            isAsserted ? asserted : deasserted,
            of: interface.name,
            at: OpenBMCPaths.temperature(of: view.drive.name),
            view.temperature
        )
    }
}
