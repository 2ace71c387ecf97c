import DBus
import EventLoop
import NVMeMIDrives

/// What is said of a drive, and of each of its sensors, in the same words.
enum DriveDecorators {
    static let all: [Interface<DriveView>] = [
        availability("False while mctpd does not reach the drive, as when its host has no power.") {
            view in
            view.condition.isAvailable
        },
        operationalStatus,
    ]

    /// Where the drive is; for drives of which that is known.
    static let location = Interface<DriveView>(
        OpenBMCName.interface("Inventory.Decorator.LocationCode"),
        documentation: "Where it is.",
        right: .reading
    ) {
        Property("LocationCode", "The place, as Drive1.Location has it.", .emitsChange) {
            (view: DriveView) in view.drive.location
        }
    }

    /// Which slot it is in; for drives of which that is known.
    static let slot = Interface<DriveView>(
        OpenBMCName.interface("Inventory.Decorator.Slot"),
        documentation: "Which slot it is in.",
        right: .reading
    ) {
        // As wide as an address, as with the other daemons of the machine.
        #if arch(arm) || arch(i386)
        Property("SlotNumber", "From 0.", .emitsChange) { (view: DriveView) in
            view.drive.slot ?? 0
        }
        #else
        Property("SlotNumber", "From 0.", .emitsChange) { (view: DriveView) in
            UInt64(view.drive.slot ?? 0)
        }
        #endif
    }

    /// How long it has had power; for drives that have told.
    static let powerOnHours = Interface<DriveView>(
        OpenBMCName.interface("State.PowerOnHours"),
        documentation: "How long it has had power in its life.",
        right: .reading
    ) {
        Property("POHCounter", "In hours.", .emitsChange) { (view: DriveView) in
            UInt32(clamping: view.drive.counters?.powerOnHours ?? 0)
        }
    }

    static func availability<Object: AnyObject & Sendable>(
        _ documentation: String,
        _ isAvailable: @escaping @LoopActor @Sendable (Object) -> Bool
    ) -> Interface<Object> {
        Interface(
            OpenBMCName.interface("State.Decorator.Availability"),
            documentation: "Whether it can be asked.",
            right: .reading
        ) {
            Property("Available", documentation, .emitsChange) { (object: Object) in
                isAvailable(object)
            }
        }
    }

    static let operationalStatus = status { (view: DriveView) in
        view.condition.isFunctional
    }

    static func status<Object: AnyObject & Sendable>(
        _ isFunctional: @escaping @LoopActor @Sendable (Object) -> Bool
    ) -> Interface<Object> {
        Interface(
            OpenBMCName.interface("State.Decorator.OperationalStatus"),
            documentation: "Whether it does what it must.",
            right: .reading
        ) {
            Property(
                "Functional",
                "False when it can be reached and does not answer as it must, or says that it does not function.",
                .emitsChange
            ) { (object: Object) in isFunctional(object) }
        }
    }
}
