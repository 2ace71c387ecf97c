import EventLoop
import NVMeMI

/// What is taken down of a drive that is erased: enough to show later what was done to which drive, and what the drive
/// said of it.
///
/// All of it is in the job's result: the drive as it was, the method, and the times; whoever erases adds what the drive
/// answers. Times are milliseconds of Unix time.
@LoopActor
struct ErasingEvidence {
    init(_ job: Job, method: String, action: String) {
        if let identity = job.target.identity {
            job.note("Manufacturer", .text(identity.manufacturer))
            job.note("ModelNumber", .text(identity.model))
            job.note("SerialNumber", .text(identity.serialNumber))
            job.note("FirmwareRevision", .text(identity.firmware))
            job.note("SubsystemNQN", .text(identity.subsystemNQN))
        }
        job.note("Drive", .text(job.target.drive))
        if let capacity = job.drive?.leadingController?.identity?.totalCapacity, capacity > 0 {
            job.note("Capacity", .unsigned64(capacity))
        }
        job.note("Method", .text(method))
        job.note("Action", .text(action))
        job.note("BegunHere", .boolean(job.starter != nil))
        job.note("Started", .unsigned64(Self.now))
    }

    /// Takes down when it ended.
    func end(_ job: Job) { job.note("Ended", .unsigned64(Self.now)) }

    private static var now: UInt64 { WallClock.nanoseconds / 1_000_000 }
}

extension DriveIdentity {
    /// The PCI vendor identifier, as 0x1234.
    fileprivate var manufacturer: String {
        let digits = String(vendorID, radix: 16)
        return "0x" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
