import DBus
import EventLoop
import NVMeMIDrives

extension Interface where Object == Job {
    /// Something that takes longer than a call.
    static let job = Interface(
        "xyz.openbmc_project.NVMeMI.Job1",
        documentation: """
            A job: something that is done to a drive and takes longer than a call. It goes on without whoever \
            started it, by any endpoint of the drive, also when that gets another address. When it has ended \
            it stays for a while (see finished-jobs and finished-job-ms in the configuration). Reading; \
            cancelling is for the user who started it, and root.
            """,
        right: .reading
    ) {
        Property("Operation", "What is done: FirmwareUpdate, for instance.", .constant) {
            (job: Job) in job.operation
        }
        Property("Drive", "The drive; it may not be there at the moment.", .emitsChange) {
            (job: Job) in BusPaths.drive(job.driveName)
        }
        Property(
            "Objects",
            "The controllers and namespaces that it is about, as the drive's ActiveEndpoint has them.",
            .emitsChange
        ) { (job: Job) in job.objects.compactMap(BusPaths.path) }
        Property(
            "State",
            """
            waiting: it has not begun, as it was started just now or another job of the drive has to end. \
            running. cancelling: somebody wants it to end. done, failed, cancelled: it has ended.
            """,
            .emitsChange
        ) { (job: Job) in job.state.rawValue }
        Property(
            "Progress",
            """
            How far it is, from 0 to 1, where ProgressValid says so. Told with every whole percent, and once a \
            minute at least, be it as it was.
            """,
            .emitsChange
        ) { (job: Job) in job.progress.fraction }
        Property("ProgressValid", "Whether Progress says anything.", .emitsChange) {
            (job: Job) in job.progress.isValid
        }
        Property(
            "Step",
            "What it is doing, in words; empty when there is nothing to say.",
            .emitsChange
        ) {
            (job: Job) in job.step
        }
        Property(
            "StartTime",
            "When it began, or was asked for while it waits, in milliseconds of Unix time.",
            .emitsChange
        ) { (job: Job) in job.startTime / 1_000_000 }
        Property(
            "ExpectedEndTime",
            """
            When it may end, as the drive says or as fast as it was so far, in milliseconds of Unix time; 0 while \
            nobody can say.
            """,
            .emitsChange
        ) { (job: Job) in job.expectedEndTime / 1_000_000 }
        Property("Cancelable", "Whether Cancel can be called now.", .emitsChange) {
            (job: Job) in job.isCancelable
        }
        Property(
            "StartedByUID",
            "The user who started it; 4294967295 when nobody here did, or that is not known.",
            .constant
        ) { (job: Job) in job.starter?.userID ?? UInt32.max }
        Property(
            "ErrorName",
            "The D-Bus error that a call would have had; empty when it has not failed.",
            .emitsChange
        ) { (job: Job) in job.error?.name ?? "" }
        Property(
            "ErrorMessage",
            "Why it failed or was cancelled, in words; empty else.",
            .emitsChange
        ) {
            (job: Job) in job.failure?.words ?? ""
        }
        Property(
            "Result",
            "What has come of it, by name; the method that starts the job says which names.",
            .emitsChange
        ) { (job: Job) in VariantDictionary(job.result) }

        Method(
            "Cancel",
            """
            Has it end before its time. Returns when that is under way; what comes of it shows in State. \
            NotAllowed when it has ended, or cannot be cancelled at what it does now; AccessDenied for \
            other users than root and the one who started it.
            """
        ) { (job: Job, call: Invocation) async throws in try await job.cancel(for: call) }
        .requiring(.open)

        Job.completed
    }

    /// The same as OpenBMC's programs know it.
    static let progress = Interface(
        OpenBMCName.interface("Common.Progress"),
        documentation: "How far it is, as OpenBMC's programs know it.",
        right: .reading
    ) {
        Property("Status", "Whether it has begun, and how it ended.", .emitsChange) {
            (job: Job) in OpenBMCName.value("Common.Progress.OperationStatus.\(job.progressStatus)")
        }
        Property("StartTime", "In microseconds of Unix time.", .emitsChange) {
            (job: Job) in job.startTime / 1000
        }
        Property("CompletedTime", "In microseconds of Unix time; 0 before.", .emitsChange) {
            (job: Job) in job.endTime / 1000
        }
    }
}

extension Job {
    /// It has ended.
    nonisolated static let completed = Signal(
        "Completed",
        "It has ended: whether it has done what was asked for, and ErrorMessage.",
        Parameter<Bool>("success"),
        Parameter<String>("message")
    )

    /// The error that a call would have had; nil for one that was cancelled, which is none.
    fileprivate var error: DBusError? {
        state == .failed ? failure.map(BusErrors.error) : nil
    }

    fileprivate var progressStatus: String {
        switch state {
        case .waiting: "NotStarted"
        case .running, .cancelling: "InProgress"
        case .done: "Completed"
        case .failed: "Failed"
        case .cancelled: "Aborted"
        }
    }

    fileprivate func cancel(for call: Invocation) async throws {
        let isStarter = call.credentials.userID != nil && call.credentials.userID == starter?.userID
        if !isStarter { try call.demand(.root, for: "cancelling a job that somebody else started") }
        try await cancel(by: call.starter)
    }
}
