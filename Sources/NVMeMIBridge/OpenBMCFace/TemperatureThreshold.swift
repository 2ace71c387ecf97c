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
    private let celsius: @LoopActor @Sendable (Drive) -> Int16?

    static let warning = TemperatureThreshold(
        "Warning",
        { $0.warningTemperature },
        \.warning,
        { $0.isOverWarning }
    )
    static let critical = TemperatureThreshold(
        "Critical",
        { $0.criticalTemperature },
        \.critical,
        { $0.isOverCritical }
    )

    private init(
        _ name: String,
        _ celsius: @escaping @LoopActor @Sendable (Drive) -> Int16?,
        _ wanted: any WritableKeyPath<TemperatureThresholds, Int16?> & Sendable,
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
            documentation:
                "From which temperature on the drive is too warm, by its own word or by somebody's.",
            right: .reading
        ) {
            Property(
                MemberName(stringLiteral: "\(name)High"),
                """
                In degrees Celsius, from -60 to 127. What is written holds until the daemon ends or the drive goes; \
                a value that is not a number brings the drive's own back.
                """,
                .emitsChange,
                get: { (view: DriveView) in celsius(view.drive).map(Double.init) ?? .nan },
                set: { (view: DriveView, call: Invocation, value: Double) in
                    try view.want("\(name)High", value, wanted, for: call)
                }
            )
            .requiring(.writing)
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
    func isKnown(of view: DriveView) -> Bool { celsius(view.drive) != nil }

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

extension DriveView {
    /// Takes a threshold that somebody wants.
    ///
    /// - Throws: `InvalidArgs` for one that no temperature can reach.
    fileprivate func want(
        _ name: String,
        _ value: Double,
        _ threshold: WritableKeyPath<TemperatureThresholds, Int16?>,
        for call: Invocation
    ) throws(DBusError) {
        var celsius: Int16?
        if !value.isNaN {
            let allowed = TemperatureThresholds.allowed
            guard let number = Int16(exactly: value.rounded()), allowed.contains(number) else {
                throw .invalidArgs(
                    "\(name) cannot be \(value); it takes degrees Celsius from \(allowed.lowerBound) to "
                        + "\(allowed.upperBound), or what is no number for the drive's own"
                )
            }
            celsius = number
        }
        drive.wantedThresholds[keyPath: threshold] = celsius
        guard let endpoint = drive.activeEndpoint else { return }
        let told = celsius.map { "\($0)" } ?? "the drive's own"
        call.record(name, on: endpoint, [("celsius", told)])
    }
}
