import DBus
import EventLoop
import NVMeMIDrives

/// A controller in OpenBMC's inventory.
enum ControllerInventory {
    static let all: [Interface<ControllerView>] = [
        item, controller, asset,
        DriveDecorators.availability("As the drive's.") { view in
            view.controller.endpoint.drive?.condition.isAvailable ?? false
        },
        DriveDecorators.status { view in
            view.controller.endpoint.drive?.condition.isFunctional ?? true
        },
        associations,
    ]

    static let item = Interface<ControllerView>(
        OpenBMCName.interface("Inventory.Item"),
        documentation: "A thing in the machine.",
        right: .reading
    ) {
        Property("PrettyName", "Its model and its identifier.", .emitsChange) {
            (view: ControllerView) in
            [
                view.controller.identity?.modelNumber ?? "",
                "controller \(view.controller.identifier)",
            ]
            .filter { !$0.isEmpty }.joined(separator: " ")
        }
        Property("Present", "Whether it is there.", .emitsChange) { (_: ControllerView) in true }
    }

    static let controller = Interface<ControllerView>(
        OpenBMCName.interface("Inventory.Item.StorageController"),
        documentation: "A controller of a drive.",
        right: .reading
    ) {}

    static let asset = Interface<ControllerView>(
        OpenBMCName.interface("Inventory.Decorator.Asset"),
        documentation: "Who made it, and which one it is.",
        right: .reading
    ) {
        Property("Manufacturer", "The PCI vendor identifier, as 0x1234.", .emitsChange) {
            (view: ControllerView) in view.controller.endpoint.drive?.manufacturer ?? ""
        }
        Property("Model", "Without the padding.", .emitsChange) { (view: ControllerView) in
            view.controller.identity?.modelNumber ?? ""
        }
        Property("SerialNumber", "Without the padding.", .emitsChange) { (view: ControllerView) in
            view.controller.identity?.serialNumber ?? ""
        }
        Property("PartNumber", "Not told by NVMe.", .constant) { (_: ControllerView) in "" }
    }

    static let associations = Associations.interface { (_: ControllerView) in
        [Associations.to(OpenBMCPaths.storage, "storage", "storage_controller")]
    }
}
