import DBus
import NVMeMIClient
import NVMeMIDrives

/// One key of the configuration file.
struct Setting: Sendable {
    /// Takes over a value as it is written; false when it is not allowed.
    enum Target: Sendable {
        case bridge(@Sendable (String, inout BridgeSettings) -> Bool)
        /// A setting that can differ from drive to drive.
        case drive(@Sendable (String, inout DriveSettings) -> Bool)
    }

    let key: String
    let meaning: String
    let allowed: String
    let standard: String
    let target: Target

    static func named(_ key: String) -> Setting? { all.first { $0.key == key } }

    static var ofDrives: [Setting] {
        all.filter { if case .drive = $0.target { true } else { false } }
    }

    func refusal(of value: String) -> String {
        "'\(value)' is not a value of '\(key)', which takes \(allowed)"
    }

    static let all: [Setting] = [
        drive(
            "command-timeout-ms",
            "Time limit of every command, from the call to its answer, in milliseconds; 0 leaves\n"
                + "# each command its own default. A caller's timeout-ms comes before it.",
            .from(0...600_000),
            standard: 0
        ) { $0.session.timeLimit = $1 == 0 ? nil : .milliseconds($1) },
        drive(
            "more-processing-limit-ms",
            "Longest time, from the call, that a drive can ask for by More Processing Required\n"
                + "# where neither the caller nor command-timeout-ms limits the command; never less than\n"
                + "# the command's own default. D-Bus clients usually give up after 25 s.",
            .from(0...600_000),
            standard: 60_000
        ) { $0.session.moreProcessingTimeLimit = .milliseconds($1) },
        drive(
            "queue-limit",
            "Commands that may wait for one endpoint; the daemon's own are always taken.",
            .from(1...10_000),
            standard: DriveSettings().session.queueLimit
        ) { $0.session.queueLimit = $1 },
        drive(
            "queue-limit-per-client",
            "Commands of one D-Bus user that may wait for one endpoint; of each client for root's.",
            .from(1...10_000),
            standard: DriveSettings().session.queueLimitPerSender
        ) { $0.session.queueLimitPerSender = $1 },
        drive(
            "minimum-gap-us",
            "Least time from a message of an endpoint, or another command to it, to the next command,\n"
                + "# in microseconds, for drives that lose a command which follows too closely.",
            .from(0...1_000_000),
            standard: 0
        ) { $0.session.minimumGap = .microseconds($1) },
        drive(
            "second-slot",
            "Whether health polls may use command slot 1 while slot 0 works on another command.",
            .oneOf(["yes", "no"]),
            standard: "yes"
        ) { $0.session.usesSecondSlot = $1 == "yes" },
        drive(
            "control-primitives",
            "Whether drives are sent Abort and Get State after commands without an answer. Without\n"
                + "# them slot 1 is not used.",
            .oneOf(["yes", "no"]),
            standard: "yes"
        ) { $0.session.usesControlPrimitives = $1 == "yes" },
        drive(
            "health-interval-ms",
            "Time from one health poll to the next, in milliseconds; 0 polls never.",
            .from(DriveSettings.healthIntervals),
            standard: 10_000
        ) { $0.healthInterval = .milliseconds($1) },
        drive(
            "wear-warning-percent",
            "The used share of its life, in percent, from which on a drive's health is a warning; 0 for none.",
            .from(0...255),
            standard: Int(DriveSettings().wearWarning)
        ) { $0.wearWarning = UInt8(clamping: $1) },
        drive(
            "transmission-unit",
            "Greatest MCTP transmission unit, in bytes of payload, that drive and route are set to\n"
                + "# when a drive is found; 64 leaves both as they are.",
            .from(64...4096),
            standard: 250
        ) { $0.transmissionUnit = UInt16(clamping: $1) },
        drive(
            "smbus-frequency",
            "Greatest SMBus frequency, in hertz, that a drive is set to when it is found: what the\n"
                + "# buses of this machine can do; 100000 leaves it as it is.",
            .oneOf(["100000", "400000", "1000000"]),
            standard: "400000"
        ) { $0.smbusFrequency = UInt32($1) ?? 100_000 },
        bridge(
            "calls",
            "D-Bus method calls that may be open altogether. An eighth is kept for users who have\n"
                + "# none, half of it for root.",
            .from(1...100_000),
            standard: BridgeSettings().calls
        ) { $0.calls = $1 },
        bridge(
            "calls-per-user",
            "D-Bus method calls that all clients of one user together may have open; root's are\n"
                + "# not counted.",
            .from(1...100_000),
            standard: BridgeSettings().callsPerUser
        ) { $0.callsPerUser = $1 },
        bridge(
            "calls-per-client",
            "D-Bus method calls that one client may have open.",
            .from(1...100_000),
            standard: BridgeSettings().callsPerClient
        ) { $0.callsPerClient = $1 },
        bridge(
            "first-retry-ms",
            "First pause before an endpoint that does not answer is tried again, in\n"
                + "# milliseconds; doubled each time.",
            .from(10...3_600_000),
            standard: 1000
        ) { $0.fleet.firstRetry = .milliseconds($1) },
        bridge(
            "last-retry-ms",
            "Longest pause before an endpoint that does not answer is tried again, in\n"
                + "# milliseconds; also the pause before one that told only a part is asked again.",
            .from(10...3_600_000),
            standard: 60_000
        ) { $0.fleet.lastRetry = .milliseconds($1) },
        bridge(
            "recover-after-ms",
            "How long an endpoint must have been silent, to MCTP itself as well where that can be asked,\n"
                + "# before mctpd is asked to recover it, in milliseconds; twice as long after a reset or a\n"
                + "# firmware activation. mctpd forgets an endpoint that it cannot recover.",
            .from(0...3_600_000),
            standard: 60_000
        ) { $0.fleet.recoverAfter = .milliseconds($1) },
        bridge(
            "first-recover-ms",
            "First pause before mctpd is asked again to recover an endpoint that stays silent, in\n"
                + "# milliseconds; doubled each time. 0 has it never asked.",
            .from(0...3_600_000),
            standard: 10_000
        ) { $0.fleet.firstRecoverPause = .milliseconds($1) },
        bridge(
            "last-recover-ms",
            "Longest pause before mctpd is asked again to recover an endpoint, in milliseconds; also\n"
                + "# how long an mctpd that denies it is not asked for anything.",
            .from(10...86_400_000),
            standard: 600_000
        ) { $0.fleet.lastRecoverPause = .milliseconds($1) },
        bridge(
            "mctpd-grace-ms",
            "How long endpoints stay published while mctpd is away, and after its return while it\n"
                + "# does not list them, in milliseconds.",
            .from(0...3_600_000),
            standard: 30_000
        ) { $0.fleet.directoryGrace = .milliseconds($1) },
        bridge(
            "shutdown-grace-ms",
            "How long open calls may still take when the daemon is told to end, in\n"
                + "# milliseconds. The unit's TimeoutStopSec has to be longer.",
            .from(0...60_000),
            standard: 5000
        ) { $0.shutdownGrace = .milliseconds($1) },
        bridge(
            "require-serial-number",
            "Whether calls that erase, format, delete, reset or shut down have to name the drive's serial\n"
                + "# number (option serial-number), so that no other drive in its place is meant by mistake.\n"
                + "# One that is given is compared in any case.",
            .oneOf(["yes", "no"]),
            standard: "yes"
        ) { $0.fleet.requiresSerialNumber = $1 == "yes" },
        bridge(
            "finished-jobs",
            "How many jobs that have ended stay published.",
            .from(1...1000),
            standard: JobSettings().finishedLimit
        ) { $0.fleet.jobs.finishedLimit = $1 },
        bridge(
            "finished-job-ms",
            "How long a job that has ended stays published, in milliseconds.",
            .from(1000...86_400_000),
            standard: 3_600_000
        ) { $0.fleet.jobs.finishedTime = .milliseconds($1) },
        bridge(
            "job-patience-ms",
            "How long a job waits for a drive that cannot be reached, as while it resets or gets another\n"
                + "# address, before it fails, in milliseconds.",
            .from(0...3_600_000),
            standard: 300_000
        ) { $0.fleet.jobs.patience = .milliseconds($1) },
        bridge(
            "job-standstill-ms",
            "How long a job may go on without getting any further, in milliseconds; then it fails. A drive that\n"
                + "# says that it needs longer is given as long as that.",
            .from(1000...604_800_000),
            standard: 21_600_000
        ) { $0.fleet.jobs.standstill = .milliseconds($1) },
        bridge(
            "firmware-image-mib",
            "How large a firmware image, or the package that it is in, may be, in MiB.",
            .from(1...2048),
            standard: 128
        ) { $0.fleet.firmwareImageLimit = UInt32($1) << 20 },
        bridge(
            "administrators",
            "The group whose members may change drives. The bus policy names it as well.",
            .name,
            standard: BridgeSettings().administrators
        ) { $0.administrators = $1 },
        bridge(
            "openbmc",
            "Whether drives are also shown by OpenBMC's standard interfaces, as bmcweb (Redfish) and fan\n"
                + "# control look for them.",
            .oneOf(["yes", "no"]),
            standard: "yes"
        ) { $0.openBMC.isShown = $1 == "yes" },
        bridge(
            "chassis",
            "The object path of the chassis that OpenBMC's daemons are told the drives are in; none tells\n"
                + "# no chassis.",
            .pathOrNone,
            standard: "none"
        ) { $0.openBMC.chassis = $1 == "none" ? nil : $1 },
        bridge(
            "metrics-interval-ms",
            "Time from one reading of each drive's SMART log, for the metrics, the hours and the further\n"
                + "# temperature sensors of OpenBMC's view, to the next, in milliseconds; it is read beside a\n"
                + "# health poll, so not more often than those come. 0 shows none of them.",
            .from(0...86_400_000),
            standard: 0
        ) {
            $0.fleet.countersInterval = .milliseconds($1)
            $0.openBMC.showsMetrics = $1 > 0
        },
        bridge(
            "drive-transitions",
            "Whether State.Drive of OpenBMC's view takes Reboot and HardReboot, which reset the drive's NVM\n"
                + "# subsystem.",
            .oneOf(["yes", "no"]),
            standard: "no"
        ) { $0.openBMC.takesTransitions = $1 == "yes" },
        bridge(
            "update-resets",
            "Whether a firmware update that is to be applied at once (Redfish: Immediate) resets the drive's\n"
                + "# NVM subsystem where the drive does not do without.",
            .oneOf(["yes", "no"]),
            standard: "no"
        ) { $0.openBMC.resetsForUpdates = $1 == "yes" },
        bridge(
            "log-level",
            "The least urgent log entries that are written.",
            .oneOf(BridgeSettings.logLevels),
            standard: BridgeSettings().logLevel
        ) { $0.logLevel = $1 },
    ]

    private static func bridge<Value: CustomStringConvertible>(
        _ key: String,
        _ meaning: String,
        _ values: Values<Value>,
        standard: Value,
        _ assign: @escaping @Sendable (inout BridgeSettings, Value) -> Void
    ) -> Setting {
        Setting(key, meaning, values, standard, .bridge(values.taking(assign)))
    }

    private static func drive<Value: CustomStringConvertible>(
        _ key: String,
        _ meaning: String,
        _ values: Values<Value>,
        standard: Value,
        _ assign: @escaping @Sendable (inout DriveSettings, Value) -> Void
    ) -> Setting {
        Setting(key, meaning, values, standard, .drive(values.taking(assign)))
    }

    private init<Value: CustomStringConvertible>(
        _ key: String,
        _ meaning: String,
        _ values: Values<Value>,
        _ standard: Value,
        _ target: Target
    ) {
        self.key = key
        self.meaning = meaning
        self.target = target
        self.standard = "\(standard)"
        allowed = values.text
    }
}

/// The values that a key can have.
private struct Values<Value>: Sendable {
    /// In words.
    let text: String
    /// Reads a value as it is written; nil for one that is not allowed.
    let read: @Sendable (String) -> Value?

    /// Takes a value over as it is written; false for one that is not allowed.
    func taking<Settings>(
        _ assign: @escaping @Sendable (inout Settings, Value) -> Void
    ) -> @Sendable (String, inout Settings) -> Bool {
        { text, settings in
            guard let value = read(text) else { return false }
            assign(&settings, value)
            return true
        }
    }
}

extension Values where Value == Int {
    static func from(_ range: ClosedRange<Int32>) -> Self {
        Values(text: "a number from \(range.lowerBound) to \(range.upperBound)") { text in
            Int32(text).flatMap { range.contains($0) ? Int($0) : nil }
        }
    }
}

extension Values where Value == String {
    static let name = Values(text: "a name of 1 to 32 letters, digits, - and _") { text in
        let isName = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        return isName && (1...32).contains(text.utf8.count) ? text : nil
    }

    static let pathOrNone = Values(text: "an object path, or none") { text in
        text == "none" || (try? ObjectPath(text)) != nil ? text : nil
    }

    static func oneOf(_ words: [String]) -> Self {
        Values(text: words.joined(separator: ", ")) { words.contains($0) ? $0 : nil }
    }
}
