import DBus

extension Failure {
    /// Any error as one that can be told.
    init(_ error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as DBusError: self.init(bus: error)
        default: self.init(.failed, "\(error)")
        }
    }

    /// What an error of the bus means for the caller.
    private init(bus error: DBusError) {
        let message = OptionNames.translated(error.message)
        let short = error.name.split(separator: ".").last.map(String.init) ?? error.name
        switch short {
        case "ServiceUnknown", "NameHasNoOwner":
            self.init(
                .noDaemon,
                "The daemon nvmemid is not on the bus.",
                advice: "Start it (systemctl start nvmemid), or name its bus with --bus."
            )
        case "NotSupported" where error.message.contains("autolaunch"):
            self.init(
                .noDaemon,
                "There is no session bus: DBUS_SESSION_BUS_ADDRESS is not set.",
                advice: "--bus takes system, session or an address such as unix:path=/run/bus."
            )
        case "NoServer", "FileNotFound", "Disconnected", "BadAddress", "IOError":
            self.init(
                .noDaemon,
                "Cannot reach the bus: \(message)",
                advice: "--bus takes system, session or an address such as unix:path=/run/bus."
            )
        case _ where error.name.hasPrefix("org.freedesktop.DBus.Error.Spawn"):
            self.init(
                .noDaemon,
                "The bus could not start the daemon: \(message)",
                advice: "See why: systemctl status nvmemid"
            )
        case "AccessDenied", "AuthFailed", "InsufficientPermission":
            self.init(
                .notPermitted,
                message,
                advice: "What changes a drive is for root and members of the group nvme-admin."
            )
        case "NoReply" where error.message.contains("disconnected"):
            self.init(
                .noDaemon,
                "The daemon has ended before it answered.",
                advice: "See why: nvmemi history, systemctl status nvmemid"
            )
        case "NoReply":
            self.init(
                .timedOut,
                "The daemon did not answer: \(message)",
                advice: "--timeout SECONDS waits longer."
            )
        case "Timeout", "TimedOut":
            self.init(
                .timedOut,
                message,
                advice: "`nvmemi list` shows the state that the daemon sees the endpoint in."
            )
        case "UnknownObject":
            self.init(
                .noEndpoint,
                message,
                advice: "It may have gone meanwhile: `nvmemi list` shows what is there."
            )
        case "UnknownInterface", "UnknownMethod", "UnknownProperty":
            self.init(
                .failed,
                message,
                advice: "The daemon does not offer this; it may be older than this command."
            )
        case _ where error.message.contains("option 'serial-number'"):
            // What is known of it is sent in every case.
            self = .unknownSerialNumber
        default:
            self.init(.failed, message.isEmpty ? error.name : message)
        }
    }

    /// Nobody can say that a drive is the one that is meant.
    static let unknownSerialNumber = Failure(
        .failed,
        "The serial number of the drive is not known, so that nobody can say that it is the right one."
    )
}
