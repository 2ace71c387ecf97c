import DBus
import EventLoop
import NVMeMI
import NVMeMIDrives

extension Interface where Object == Controller {
    /// What goes on without the call: self-tests, and the capture of logs.
    @InterfaceBuilder<Controller>
    static var controllerJobs: [InterfaceMember<Controller>] {
        Method(
            "SelfTest",
            """
            Has the controller test itself, as a job: Short, Extended, VendorSpecific or HostInitiatedRefresh; \
            cancelling the job aborts it. Abort aborts a self-test of the same user's, or of somebody who is not known \
            here, and returns its job. \
            Options: nsid (u), a namespace that is tested too, 4294967295 for all that are attached, 0 for none, \
            which is meant when left out; parameter (u) of the vendor's; force (b) for what the controller says \
            it does not have. Result is the controller's own: SelfTest, Outcome (s), Operation (s), Segment (y), \
            PowerOnHours (t), NamespaceID (u), FailingBlock (t), StatusCodeType and StatusCode (y), each as far \
            as it says. A self-test that failed is a job that failed. Self-tests that somebody else began are \
            found and shown as jobs as well.
            """,
            in: ["kind", "options"],
            out: ["job"]
        ) {
            (
                controller: Controller,
                call: Invocation,
                kind: String,
                options: VariantDictionary
            ) async throws -> ObjectPath in
            try await controller.selfTest(kind, options, for: call)
        }

        Method(
            "CaptureTelemetry",
            """
            Reads a log into the caller's file, as it was at one time, as a job. A page that changes while it is \
            read is read again, where the file can be rewound, and else is an error. Options: log (s): \
            HostTelemetry, what the controller collects now, which is meant when left out; ControllerTelemetry, \
            what it has collected by itself; PersistentEvents. area (y, 1 to 4), the last data area of \
            telemetry, all when left out; acknowledge (b), to let the controller replace afterwards what it has \
            collected by itself; force (b) for a log that the controller says it does not have, and to take the \
            persistent events from somebody else who reads them. Result: Log (s), Bytes (t), GenerationNumber \
            (t), DataAreaLastBlock (t), and Repetitions (y) when it was read again.
            """,
            in: ["file", "options"],
            out: ["job"]
        ) {
            (
                controller: Controller,
                call: Invocation,
                file: FileDescriptorHandle,
                options: VariantDictionary
            ) async throws -> ObjectPath in
            try await controller.capture(to: file, options, for: call)
        }
    }
}
