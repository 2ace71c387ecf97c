import DBus
import EventLoop
import NVMeMIDrives

/// What is said of a drive, and of each of its sensors, in the same words.
enum DriveDecorators {
    static let all: [Interface<DriveView>] = [availability, operationalStatus]

    static let availability = Interface<DriveView>(
        OpenBMCName.interface("State.Decorator.Availability"),
        documentation: "Whether it can be asked.",
        right: .reading
    ) {
        Property(
            "Available",
            "False while mctpd does not reach the drive, as when its host has no power.",
            .emitsChange
        ) { (view: DriveView) in view.condition.isAvailable }
    }

    static let operationalStatus = Interface<DriveView>(
        OpenBMCName.interface("State.Decorator.OperationalStatus"),
        documentation: "Whether it does what it must.",
        right: .reading
    ) {
        Property(
            "Functional",
            "False when it can be reached and does not answer as it must, or says that it does not function.",
            .emitsChange
        ) { (view: DriveView) in view.condition.isFunctional }
    }
}
