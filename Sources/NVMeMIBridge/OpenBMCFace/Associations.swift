import DBus
import EventLoop

/// Ends of an association: its name here, its name there, and the object there.
typealias Association = Structure<String, String, String>

/// `Association.Definitions`, of which the mapper makes its association objects.
enum Associations {
    /// Declares the associations of a kind of objects.
    static func interface<Object: AnyObject & Sendable>(
        _ associations: @escaping @LoopActor (Object) -> [Association]
    ) -> Interface<Object> {
        Interface(
            OpenBMCName.interface("Association.Definitions"),
            documentation: "What the object belongs to.",
            right: .reading
        ) {
            Property(
                "Associations",
                "Of each its name, the name of its reverse, and the path of the other object.",
                .emitsChange,
                get: { (object: Object) in associations(object) }
            )
        }
    }

    static func to(_ end: ObjectPath, _ forward: String, _ reverse: String) -> Association {
        Association(forward, reverse, end.string)
    }

    @LoopActor
    static func toChassis(of view: DriveView, _ reverse: String) -> [Association] {
        view.chassis.map { [Association("chassis", reverse, $0)] } ?? []
    }
}
