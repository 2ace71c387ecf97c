import DBus
import EventLoop

extension Interface where Object == Manager {
    /// What changes what the bridge has, and no drive.
    static let managerControl = Interface(
        "xyz.openbmc_project.NVMeMI.ManagerControl1",
        documentation: "The bridge itself, for who administers drives. Writing.",
        right: .writing
    ) {
        Method.immediate(
            "ForgetDrive",
            """
            Takes a drive that is missing for one that is not to come back. InvalidArgs when none with that serial \
            number is.
            """,
            in: ["serial_number"]
        ) { (manager: Manager, call: Invocation, serialNumber: String) in
            try manager.forget(serialNumber, for: call)
        }
    }
}
