import DBus
import EventLoop

/// The one storage of the machine that all drives are shown under.
@LoopActor
final class StorageView {
    /// The path of the chassis that it is in; nil where none is configured.
    var chassis: String?

    static let interfaces: [Interface<StorageView>] = [
        Interface(
            OpenBMCName.interface("Inventory.Item"),
            documentation: "A thing in the machine.",
            right: .reading
        ) {
            Property("PrettyName", "What it is.", .constant) { (_: StorageView) in "NVMe drives" }
            Property("Present", "Whether it is there.", .constant) { (_: StorageView) in true }
        },
        Interface(
            OpenBMCName.interface("Inventory.Item.Storage"),
            documentation: "Something that drives belong to.",
            right: .reading
        ) {},
        Associations.interface { (view: StorageView) in
            view.chassis.map { [Association("chassis", "storage", $0)] } ?? []
        },
    ]
}
