import DBus
import EventLoop

extension Interface where Object == Diagnostics {
    /// Looking for faults.
    static let diagnostics = Interface(
        "xyz.openbmc_project.NVMeMI.Diagnostics1",
        documentation: """
            For whoever looks for a fault. Its methods, and setting LogLevel, are for root: the traffic \
            of drives can contain secrets.
            """,
        right: .root
    ) {
        Property(
            "Capturing",
            "Whether a capture runs.",
            .emitsChange
        ) { (diagnostics: Diagnostics) in diagnostics.isCapturing }

        Property(
            "CapturedMessages",
            "Messages in the file of the present capture, or of the last one.",
            .noSignal
        ) { (diagnostics: Diagnostics) in diagnostics.capturedMessages }

        Property(
            "DroppedMessages",
            "Messages that the file of the present capture, or of the last one, did not take.",
            .noSignal
        ) { (diagnostics: Diagnostics) in diagnostics.droppedMessages }

        Property(
            "LogLevel",
            """
            The least urgent log entries that are written: error, warning, notice, info, debug or trace. \
            Lasts until the configuration is read again.
            """,
            .emitsChange
        ) { (diagnostics: Diagnostics) in
            diagnostics.logLevel
        } setLater: {
            (diagnostics: Diagnostics, call: Invocation, level: String) async throws in
            try await diagnostics.setLogLevel(level, for: call)
        }

        Method.immediate(
            "StartCapture",
            """
            Writes every MCTP message that is sent or received from now on to a file, pipe or socket, in \
            the pcapng format that Wireshark and tshark decode. Messages that the file is too slow for \
            are left out whole, and so is the one that a file has no room for. Only a pipe or socket \
            that breaks, or does not take the rest within a second of the end, may end in the middle of \
            a message. It ends with StopCapture, when the caller leaves the bus, when the file refuses a \
            write, and at its limits. Options: max-bytes (t) of the file, from 1024 to 1 GiB, 16 MiB by \
            default; duration-ms (u), up to a day; endpoint (o), the path of the only endpoint that is \
            captured. There is one capture at a time.
            """,
            in: ["file", "options"]
        ) {
            (
                diagnostics: Diagnostics,
                call: Invocation,
                file: FileDescriptorHandle,
                options: VariantDictionary
            ) in
            try diagnostics.startCapture(file, options, for: call)
        }

        Method(
            "StopCapture",
            """
            Ends the capture, and returns when the file has all of it or does not take it within a \
            second. Without a capture, nothing happens.
            """
        ) { (diagnostics: Diagnostics, _: Invocation) async throws in
            try await diagnostics.stopCapture()
        }
    }
}
