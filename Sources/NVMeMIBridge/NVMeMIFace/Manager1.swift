import DBus
import EventLoop
import MCTP
import NVMeMIDrives

extension Interface where Object == Manager {
    /// The bridge as a whole.
    static let manager = Interface(
        "xyz.openbmc_project.NVMeMI.Manager1",
        documentation: "The bridge itself: which endpoints and drives it has. Reading.",
        right: .reading
    ) {
        Property(
            "Version",
            "The bridge's version: major.minor.patch.",
            .constant
        ) { (_: Manager) in Bridge.version }

        Property(
            "Endpoints",
            "The published endpoints, ordered by network and EID.",
            .emitsChange
        ) { (manager: Manager) in
            manager.fleet.endpoints.compactMap(BusPaths.path)
        }

        Property(
            "Drives",
            "The drives, one for each NVM subsystem, ordered by name.",
            .emitsChange
        ) { (manager: Manager) in manager.fleet.drives.compactMap(BusPaths.path) }

        Property(
            "Jobs",
            "The jobs that go on, and those that ended lately, in the order in which they were started.",
            .emitsChange
        ) { (manager: Manager) in manager.fleet.jobs.all.compactMap(BusPaths.path) }

        Property(
            "StartTime",
            "When the bridge began, in milliseconds of Unix time.",
            .constant
        ) { (manager: Manager) in manager.startTime }

        Property(
            "Carrier",
            "What carries the messages: kernel (AF_MCTP), or demux and its socket.",
            .constant
        ) { (manager: Manager) in manager.fleet.transport.description }

        Property(
            "CarrierConnected",
            "Whether it is there; false while nothing listens at the demux socket.",
            .emitsChange
        ) { (manager: Manager) in manager.carrier.isConnected }

        Property(
            "CarrierSince",
            "Since when that is so, in milliseconds of Unix time.",
            .emitsChange
        ) { (manager: Manager) in manager.carrier.since }

        Property("MctpdPresent", "Whether mctpd is on the bus.", .emitsChange) {
            (manager: Manager) in manager.mctpd.isPresent
        }

        Property(
            "MctpdSince",
            "Since when that is so, in milliseconds of Unix time.",
            .emitsChange
        ) { (manager: Manager) in manager.mctpd.since }

        Property(
            "MctpdControl",
            """
            Whether mctpd lets the bridge recover endpoints and set their routes: granted, denied, or unknown \
            while the bridge has not asked for either.
            """,
            .emitsChange
        ) { (manager: Manager) in manager.mctpdControl.rawValue }

        Property(
            "MissingDrives",
            """
            Drives that were there, in this run of the bridge or before, and are not. One is missing until it comes \
            back, until another drive is in its place, or until ManagerControl1.ForgetDrive. Model, SerialNumber, SubsystemNQN, \
            Place (s); VendorID (q); Since (t), in milliseconds of Unix time.
            """,
            .emitsChange
        ) { (manager: Manager) in manager.missingDrives }

        Method.immediate(
            "Rescan",
            """
            Asks mctpd for its endpoints again, and every endpoint for what it is. Returns at once; \
            what comes of it shows in the objects. For callers who may not change drives it happens once \
            in 5 seconds, for all that have asked meanwhile.
            """
        ) { (manager: Manager, call: Invocation) in manager.rescan(for: call) }
        .requiring(.open)

        Method.immediate(
            "GetStatistics",
            """
            What the bridge as a whole has counted since its start, and what it holds now. Counters (t): \
            MessagesSent; SendFailures; SendRepetitions, while a route, a tag or room was missing for a \
            moment; MessagesReceived for a command; and messages that were dropped: LateMessages, whose \
            command had ended or was answered before, UnmatchedMessages, which answer no command, and \
            OversizedMessages, too long or too many; ReceiveErrors; Reconnections to the demux daemon. \
            Gauges (u): OpenCalls, method calls under way, and WaitingCalls, which are yet to be begun; \
            OpenExchanges with drives; ReservedTags, MCTP tags in use or at rest; Timers; Watches of file \
            descriptors; EndingEndpoints, removed but not yet done; and of the log's entries within the last \
            hour, written or held back: WarningsLastHour and ErrorsLastHour.
            """,
            out: ["statistics"]
        ) { (manager: Manager, _: Invocation) in manager.statistics }
    }
}
