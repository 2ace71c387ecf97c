import DBus
import EventLoop
import NVMeMI
import NVMeMIDrives

/// `Software.Update`: how bmcweb, and who else updates firmware on OpenBMC, starts an update of a drive's.
enum SoftwareUpdate {
    /// When new firmware is to run.
    enum ApplyTime: String, CaseIterable {
        case immediate = "Immediate"
        case onReset = "OnReset"

        var name: String {
            OpenBMCName.value("Software.ApplyTime.RequestedApplyTimes.\(rawValue)")
        }
    }

    static let interface = Interface<DriveView>(
        OpenBMCName.interface("Software.Update"),
        documentation: "Replaces it by another.",
        right: .firmware
    ) {
        Property(
            "AllowedApplyTimes",
            """
            When new firmware can be made to run: OnReset, and Immediate where the drive needs no reset for that \
            or the configuration has the bridge reset it (update-resets).
            """,
            .emitsChange
        ) { (view: DriveView) in view.applyTimes.map(\.name) }
        Method(
            "StartUpdate",
            """
            Starts an update with an image: a raw one of the vendor's, or a PLDM package. What can be checked \
            without the drive is checked before the answer. What comes of it tells the object that is returned.
            """,
            in: ["image", "apply_time"],
            out: ["object_path"]
        ) {
            (
                view: DriveView,
                call: Invocation,
                image: FileDescriptorHandle,
                applyTime: String
            ) async throws -> ObjectPath in
            try await view.startUpdate(image, applyTime, for: call)
        }
    }

    private static let error = OpenBMCName.prefix + "Software.Update.Error."

    /// What a client of the interface knows of an error.
    static func known(_ failure: any Error) -> any Error {
        let failure = (failure as? DriveError).map(BusErrors.error) ?? failure
        guard let failure = failure as? DBusError else { return failure }
        let name: String
        if failure.isStandard("InvalidArgs") {
            name = error + "InvalidImage"
        } else if failure.name.hasSuffix(".Common.Error.NotAllowed") {
            name = error + "Incompatible"
        } else {
            return failure
        }
        return DBusError(name: name, message: failure.message, details: failure.details)
    }
}

extension DriveView {
    fileprivate var applyTimes: [SoftwareUpdate.ApplyTime] {
        guard let controller = drive.leadingController else { return [] }
        return order(.immediate, controller) == nil ? [.onReset] : [.immediate, .onReset]
    }

    /// What is to be done with an image that is to run then; nil when it cannot be made to.
    private func order(
        _ time: SoftwareUpdate.ApplyTime,
        _ controller: Controller
    ) -> FirmwareOrder? {
        var order = FirmwareOrder(for: controller.identifier)
        guard time == .immediate else { return order }
        if controller.identity?.abilities.activatesFirmwareWithoutReset ?? false {
            order.action = .activateNow
        } else if mayResetForUpdate {
            order.reset = .subsystem
        } else {
            return nil
        }
        return order
    }

    fileprivate func startUpdate(
        _ file: FileDescriptorHandle,
        _ applyTime: String,
        for call: Invocation
    ) async throws -> ObjectPath {
        guard let controller = drive.leadingController else {
            throw BusErrors.unavailable(
                "drive \(drive.name) has not told its controllers: \(drive.stateReason.sentence)"
            )
        }
        guard let time = applyTimes.first(where: { $0.name == applyTime }),
            let order = order(time, controller)
        else {
            throw DBusError(
                name: OpenBMCName.prefix + "Common.Error.InvalidArgument",
                message: "the apply time is '\(applyTime)'; drive \(drive.name) takes "
                    + applyTimes.map(\.name).joined(separator: " or ")
            )
        }
        if let job = controller.endpoint.fleet.jobs.changing(drive) {
            throw BusErrors.unavailable(
                "job \(job.number) (\(job.operation)) is \(job.state.rawValue) on drive \(drive.name)"
            )
        }
        let details = [("apply-time", time.rawValue)]
        let job = try await call.startingJob("StartUpdate", on: controller.endpoint, details) {
            do {
                let image = try await controller.firmwareImage(file)
                try controller.check(order, imageSize: image.size)
                return FirmwareUpdate(order, image)
            } catch {
                throw SoftwareUpdate.known(error)
            }
        }
        return OpenBMCPaths.update(job)
    }
}
