internal import NVMeMI

/// A command that was received and not yet answered.
struct PendingCommand {
    let request: Request
    let requester: Requester
    /// When it is executed and answered; `nil` for a command that never will be.
    var due: DeviceTime?
    /// What goes wrong with it.
    var faults: [Fault]
    /// More Processing Required: the time to announce in milliseconds, when to announce it next,
    /// and how often after that.
    var announcement: Announcement?
    /// Whether More Processing Required was sent.
    var wasAnnounced = false

    /// Whether namespaces are formatted by it, which ends with it.
    var isFormat: Bool {
        request.category == .admin && request.opcode == AdminOpcode.formatNVM.rawValue
    }

    struct Announcement {
        var time: UInt32
        var next: DeviceTime?
        var interval: DeviceTime?
    }
}
