internal import DBus

/// Why a command could not do its work.
struct Failure: Error {
    var status: ExitStatus
    var message: String

    init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }

    /// What an error on the way to the simulator means.
    init(_ error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as DBusError:
            let name = error.name.split(separator: ".").last ?? ""
            switch name {
            case "ServiceUnknown", "NameHasNoOwner":
                self.init(
                    .noSimulator,
                    "no simulator is on the bus: start nvmemi-sim with --control, or name its bus with --bus"
                )
            case "NoServer", "FileNotFound", "Disconnected", "BadAddress", "IOError",
                "NotSupported":
                self.init(.noSimulator, "cannot reach the bus: \(error.message)")
            default: self.init(.failed, error.message)
            }
        default: self.init(.failed, "\(error)")
        }
    }
}
