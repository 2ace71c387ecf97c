import EventLoop
import NVMeMI
import NVMeMIClient

/// Replacing a drive's firmware: the image is transferred in pieces and committed, the drive is reset when that is
/// wanted, and what runs then is looked at.
public final class FirmwareUpdate: JobWork {
    /// It changes the drive, and is of the daemon: a download that nobody goes on with is worth nothing.
    public static let kind = JobKind(
        "FirmwareUpdate",
        exclusion: .alone(whenBusy: .refused),
        cancellation: .noticed,
        ending: .failure
    )

    /// What an update is at, in the order in which that comes.
    public enum Stage: Sendable, CaseIterable {
        /// The drive is looked at.
        case preparing
        /// The image is sent.
        case transferring
        /// The image is put into a slot.
        case committing
        /// The drive is reset where that is wanted, and what runs is looked at.
        case activating
    }

    let order: FirmwareOrder
    /// What it is at, or was when it ended.
    public private(set) var stage = Stage.preparing
    /// Nil when the job has ended, which stays for a while: the file is closed then.
    private var image: (any FirmwareImage)?
    private let imageSize: UInt32
    /// How often the drive was switched on, as far as is known.
    private var powerCycles: UInt128 = 0
    /// How often the transfer began anew, as the drive had lost what it had.
    private var restarts = 0

    private static let restartLimit = 3
    /// What the transfer is of the whole.
    private static let shareOfTransfer = 0.9

    /// An update that the controller was found to be able to do.
    public init(_ order: FirmwareOrder, _ image: any FirmwareImage) {
        self.order = order
        self.image = image
        imageSize = image.size
    }

    /// With what it is done, for the log.
    public var details: [(name: String, value: String)] {
        [
            ("bytes", "\(imageSize)"), ("slot", "\(order.slot)"),
            ("commit-action", "\(order.action)"), ("reset", order.reset.rawValue),
        ]
    }

    /// The controller.
    public var subjects: [JobSubject] { [.controller(order.controller)] }

    /// Lets go of the image.
    public func ended() { image = nil }

    /// Does it.
    public func run(_ job: Job) async throws(DriveError) {
        guard let image else { return }
        for (name, value) in image.facts { job.note(name, value) }
        let before = try await situation(job)
        powerCycles = before.powerCycles
        job.note("OldRevision", .text(before.running))
        let outcome = try await transferAndCommit(image, job, since: before)
        stage = .activating
        try await FirmwareActivation(order, outcome, since: before).run(job)
        for endpoint in job.drive?.endpoints ?? [] { endpoint.life.look() }
    }

    private func situation(_ job: Job) async throws(DriveError) -> FirmwareSituation {
        try await job.attempt(on: order.controller) { controller throws(DriveError) in
            try await controller.firmwareSituation(for: job.requester)
        }
    }

    /// Transfers the image and commits it; once more where it turns out that the drive has lost what it had.
    private func transferAndCommit(
        _ image: any FirmwareImage,
        _ job: Job,
        since before: FirmwareSituation
    ) async throws(DriveError) -> FirmwareCommitOutcome {
        while true {
            let absences = job.absences
            stage = .transferring
            try await transfer(image, job)
            stage = .committing
            do {
                return try await FirmwareCommitting(order, since: before).run(job)
            } catch {
                // A drive that was away may have been reset without having lost its power.
                guard error.nvmeStatus == .invalidFirmwareImage, job.absences != absences,
                    restarts < Self.restartLimit
                else { throw error }
                restarts += 1
            }
        }
    }

    // MARK: Transfer

    private func transfer(
        _ image: any FirmwareImage,
        _ job: Job
    ) async throws(DriveError) {
        job.enter("transferring the image")
        job.allowCancelling(true)
        var offset: UInt32 = 0
        var checksum = PackageChecksum()
        var absences = job.absences
        while offset < image.size {
            let place = offset..<offset + min(pieceSize(job), image.size - offset)
            let piece = try image.read(place)
            let isTaken = try await send(piece, at: offset, job, &absences)
            guard isTaken else {
                restarts += 1
                guard restarts <= Self.restartLimit else {
                    throw .failed(
                        "the drive lost its power \(restarts) times while the image was transferred"
                    )
                }
                offset = 0
                checksum = PackageChecksum()
                continue
            }
            if image.checksum != nil { checksum.add(piece) }
            offset = place.upperBound
            job.advance(to: Double(offset) / Double(image.size) * Self.shareOfTransfer)
        }
        guard image.checksum == nil || image.checksum == checksum.value else {
            throw .failed("the image is not what it was when it was checked; nothing was committed")
        }
    }

    /// Bytes of a piece, as the controller has it that is there.
    private func pieceSize(_ job: Job) -> UInt32 {
        let controller = job.drive?.activeEndpoint?.inventory.controllers.first {
            $0.identifier == order.controller
        }
        return controller?.firmwarePieceSize ?? 4096
    }

    /// Sends a piece, again and again until it is taken.
    ///
    /// - Returns: False when the drive has lost all pieces from before.
    private func send(
        _ piece: [UInt8],
        at offset: UInt32,
        _ job: Job,
        _ absences: inout UInt32
    ) async throws(DriveError) -> Bool {
        var wasSent = false
        return try await job.attempt(on: order.controller) { controller throws(DriveError) in
            if absences != job.absences {
                let now = try await controller.firmwareSituation(for: job.requester)
                absences = job.absences
                guard now.powerCycles == powerCycles else {
                    powerCycles = now.powerCycles
                    return false
                }
            }
            let session = controller.endpoint.session
            let repetitions = session.statistics.repetitions
            do throws(DriveError) {
                try await controller.endpoint.perform(
                    FirmwareImageDownload(
                        piece,
                        dwordOffset: offset / 4,
                        on: controller.identifier
                    ),
                    for: job.requester,
                    priority: .bulk,
                    isWriting: true
                )
            } catch {
                let isRepetition = wasSent || session.statistics.repetitions != repetitions
                // It was taken the first time, and only the answer was lost.
                if isRepetition, error.nvmeStatus == .overlappingRange { return true }
                wasSent = true
                throw error
            }
            return true
        }
    }
}

extension Job {
    /// What an update of firmware is at; nil for other jobs.
    public var firmwareStage: FirmwareUpdate.Stage? { (work as? FirmwareUpdate)?.stage }
}

extension DriveError {
    /// Whether a controller has refused a firmware image for what it is.
    public var refusesFirmwareImage: Bool { nvmeStatus == .invalidFirmwareImage }

    /// The status that a controller has refused something with; nil for other failures.
    var nvmeStatus: NVMeStatus? {
        guard case .command(let failure) = self, case .device(let refusal) = failure.error else {
            return nil
        }
        return refusal.nvmeStatus?.withoutAdvice
    }
}
