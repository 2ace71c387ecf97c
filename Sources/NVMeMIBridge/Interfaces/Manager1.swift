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

        Method.immediate(
            "GetStatistics",
            """
            What the bridge as a whole has counted since its start, and what it holds now. Counters (t):             MessagesSent; SendFailures; SendRepetitions, while a route, a tag or room was missing for a             moment; MessagesReceived for a command; and messages that were dropped: LateMessages, whose             command had ended or was answered before, UnmatchedMessages, which answer no command, and             OversizedMessages, too long or too many; ReceiveErrors; Reconnections to the demux daemon.             Gauges (u): OpenCalls, method calls under way; OpenExchanges with drives; ReservedTags, MCTP             tags in use or at rest; Timers; Watches of file descriptors; EndingEndpoints, removed but             not yet done.
            """,
            out: ["statistics"]
        ) { (bridge: Bridge, _: Invocation) in bridge.statistics }
    }
}
