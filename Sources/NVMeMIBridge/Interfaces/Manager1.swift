import DBus
import EventLoop

extension Interface where Object == Bridge {
    /// The bridge as a whole.
    static let manager = Interface(
        "xyz.openbmc_project.NVMeMI.Manager1",
        documentation: "The bridge itself: which endpoints it has. Reading."
    ) {
        Property(
            "Version",
            "The bridge's version: major.minor.patch.",
            .constant
        ) { (_: Bridge) in Bridge.version }

        Property(
            "Endpoints",
            "The published endpoints, ordered by network and EID.",
            .emitsChange
        ) { (bridge: Bridge) in bridge.endpointPaths }

        Method.immediate(
            "Rescan",
            """
            Asks mctpd for its endpoints again, and every endpoint for what it is. Returns at once; \
            what comes of it shows in the objects.
            """
        ) { (bridge: Bridge, _: Invocation) in bridge.rescan() }
    }
}
