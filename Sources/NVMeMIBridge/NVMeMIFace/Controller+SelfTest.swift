import DBus
import EventLoop
import NVMeMI
import NVMeMIDrives

/// What ControllerControl1.SelfTest needs.
extension Controller {
    func selfTest(
        _ kind: String,
        _ dictionary: VariantDictionary,
        for call: Invocation
    ) async throws -> ObjectPath {
        let code = try SelfTestCode(named: kind, what: "kind")
        guard code != .none else {
            throw BusErrors.invalidArgument(
                "kind is '\(kind)', which is no self-test; it takes Short, Extended, HostInitiatedRefresh, "
                    + "VendorSpecific, or Abort"
            )
        }
        var options = CallOptions(dictionary)
        var command = DeviceSelfTest(
            code,
            on: identifier,
            namespace: try options.number("nsid", in: 0...UInt32.max) ?? 0
        )
        command.parameter = try options.number("parameter", in: 0...UInt32.max) ?? 0
        let isForced = try options.isForced()
        try options.finish()
        guard code != .abort else { return try await abortSelfTest(for: call) }
        guard command.parameter == 0 || code == .vendorSpecific else {
            throw BusErrors.invalidArgument("'parameter' is for VendorSpecific, not for \(code)")
        }
        let wanted = command
        return try await call.starting("SelfTest", on: endpoint, [("self-test", "\(code)")]) {
            try check(AdminOpcode.deviceSelfTest, isForced: isForced)
            if !isForced, code == .hostInitiatedRefresh, let identity,
                !identity.erasing.selfTest.contains(.hostInitiatedRefresh)
            {
                throw unsupported(
                    "\(code)",
                    "SelfTestOptions of Identify Controller does not have HostInitiatedRefresh"
                )
            }
            try endpoint.checkThatNoJobChangesIt(before: "SelfTest")
            if let job = runningSelfTest {
                throw DriveError.notAllowed(
                    "SelfTest: job \(job.number) is one of this controller; cancel it to begin another"
                )
            }
            return SelfTestWork(wanted)
        }
    }

    /// The job of a self-test of the controller that has not ended.
    private var runningSelfTest: Job? {
        endpoint.drive?.jobs.first { job in
            !job.state.isOver && job.operation == SelfTestWork.kind.operation
                && job.objects.contains { ($0 as? Controller)?.identifier == identifier }
        }
    }

    private func abortSelfTest(for call: Invocation) async throws -> ObjectPath {
        guard let job = runningSelfTest else {
            throw BusErrors.notAllowed(
                "Abort: no self-test of controller \(identifier) of \(endpoint.address) is known to be in progress"
            )
        }
        // One that nobody here began is anybody's who may begin one.
        if let starter = job.starter,
            starter.userID == nil || starter.userID != call.credentials.userID
        {
            try call.demand(.root, for: "aborting a self-test that somebody else started")
        }
        try await job.cancel(by: call.starter)
        return BusPaths.job(job)
    }
}
