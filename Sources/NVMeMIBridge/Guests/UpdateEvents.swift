import DBus
import EventLoop
import NVMeMI
import NVMeMIDrives

/// How far an update of a drive's firmware has come, as far as somebody is told.
enum UpdateStage: Equatable {
    case begun
    case transferring
    case installing
    case succeeded
    /// It failed, or was cancelled, in what it was at then.
    case failed(FirmwareUpdate.Stage)

    /// Nil for other jobs, and for one that has not begun.
    @LoopActor
    init?(of job: Job) {
        guard let stage = job.firmwareStage else { return nil }
        switch job.state {
        case .waiting: return nil
        case .done: self = .succeeded
        case .failed, .cancelled: self = .failed(stage)
        case .running, .cancelling:
            switch stage {
            case .preparing: self = .begun
            case .transferring: self = .transferring
            case .committing, .activating: self = .installing
            }
        }
    }
}

/// The events of an update that OpenBMC declares (`xyz.openbmc_project.Software.Update`).
@LoopActor
struct UpdateEvents {
    private let job: Job
    private let target: String
    private let place: String

    init(of job: Job) {
        self.job = job
        target = OpenBMCPaths.software(of: job.driveName).string
        place = job.drive?.place ?? job.driveName
    }

    /// What is told when a stage has been reached; a stage that was passed in between is told as well.
    func events(of stage: UpdateStage, after former: UpdateStage?) -> [DriveEvent] {
        var events: [DriveEvent] = []
        if former == nil {
            events.append(step("TargetDetermined", "is going to get other firmware"))
        }
        switch stage {
        case .begun: break
        case .transferring:
            events.append(step("TransferringToComponent", "is sent other firmware"))
        case .installing:
            events.append(step("InstallingOnComponent", "installs other firmware"))
        case .succeeded:
            events.append(
                event("UpdateSuccessful", .informational, "has got other firmware: \(image)")
            )
            if let resetRequired { events.append(resetRequired) }
        case .failed(let stage): events.append(failure(in: stage))
        }
        return events
    }

    private func failure(in stage: FirmwareUpdate.Stage) -> DriveEvent {
        let reason = job.failure?.words ?? "no reason is known"
        switch stage {
        case .preparing, .transferring:
            // What somebody wanted so is nothing to be alarmed at.
            let severity: DriveEvent.Severity = job.state == .cancelled ? .warning : .critical
            return event("TransferFailed", severity, "did not get other firmware: \(reason)")
        case .committing where job.failure?.refusesFirmwareImage ?? false:
            return event("VerificationFailed", .critical, "refuses the image: \(reason)")
        case .committing, .activating:
            return event("ActivateFailed", .critical, "does not run other firmware: \(reason)")
        }
    }

    /// Nil when what was installed runs, or no reset makes it run.
    private var resetRequired: DriveEvent? {
        guard job.result.contains(where: { $0.name == "Activated" && $0.value == .boolean(false) }),
            case .text(let reset)? = job.result.first(where: { $0.name == "ResetNeeded" })?.value,
            reset != FirmwareCommitOutcome.Reset.none.rawValue
        else { return nil }
        let isOfController = reset == FirmwareCommitOutcome.Reset.controller.rawValue
        let transition = isOfController ? "GracefulWarmReboot" : "Reboot"
        return DriveEvent(
            declared: "Software.Update.ResetRequired",
            [
                "TARGET_NAME": target,
                "RESET_TYPE": OpenBMCName.value("State.Host.Transition.\(transition)"),
            ],
            at: place,
            .warning,
            "The drive in \(place) runs its other firmware when it has been reset."
        )
    }

    private func step(_ name: String, _ text: String) -> DriveEvent {
        var event = event(name, .informational, text)
        event.isStep = true
        return event
    }

    private func event(
        _ name: String,
        _ severity: DriveEvent.Severity,
        _ text: String
    ) -> DriveEvent {
        DriveEvent(
            declared: "Software.Update.\(name)",
            ["IMAGE_IDENTIFIER": image, "TARGET_NAME": target],
            at: place,
            severity,
            "The drive in \(place) \(text)."
        )
    }

    /// What the image is called: its version where a package tells it, else the object that its update has.
    private var image: String {
        for name in ["ComponentVersion", "PackageVersion"] {
            if case .text(let version)? = job.result.first(where: { $0.name == name })?.value,
                !version.isEmpty
            {
                return version
            }
        }
        return OpenBMCPaths.update(job).string
    }
}
