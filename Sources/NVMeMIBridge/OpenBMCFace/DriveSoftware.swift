import DBus
import EventLoop
import NVMeMIDrives

/// The firmware that a drive runs, as bmcweb's firmware inventory shows it.
enum DriveSoftware {
    static let all: [Interface<DriveView>] = [
        version, activation, SoftwareUpdate.interface, associations,
    ]

    static let version = Interface<DriveView>(
        OpenBMCName.interface("Software.Version"),
        documentation: "Which firmware it is.",
        right: .reading
    ) {
        Property("Version", "The active firmware's revision.", .emitsChange) { (view: DriveView) in
            view.drive.identity?.firmware ?? ""
        }
        Property("Purpose", "Not one of the machine's own.", .constant) { (_: DriveView) in
            OpenBMCName.value("Software.Version.VersionPurpose.Other")
        }
    }

    private static let requests = ["None", "Active"].map {
        OpenBMCName.value("Software.Activation.RequestedActivations.\($0)")
    }

    static let activation = Interface<DriveView>(
        OpenBMCName.interface("Software.Activation"),
        documentation: "Whether it runs.",
        right: .reading
    ) {
        Property("Activation", "It does.", .constant) { (_: DriveView) in
            OpenBMCName.value("Software.Activation.Activations.Active")
        }
        Property(
            "RequestedActivation",
            "What is active already need not be activated: what is set is left out of account.",
            .emitsChange
        ) { (_: DriveView) in
            requests[0]
        } set: { (_: DriveView, _: Invocation, request: String) in
            guard requests.contains(request) else {
                throw DBusError.invalidArgs(
                    "RequestedActivation cannot be that; it takes \(requests.joined(separator: " or "))"
                )
            }
        }
    }

    static let associations = Associations.interface { (view: DriveView) in
        [Associations.to(view.path, "running", "ran_on")]
    }
}
