/// Whether the daemon is all right, on a page.
struct StatusPage {
    var bus: String
    var bridge: BridgeStatus
    var inventory: Inventory
    /// The counters of the daemon as a whole.
    var statistics: Datum
    var now = Moment.now

    private var drives: [DriveSummary] { inventory.summaries }

    /// Counters that are of no harm, with what they count.
    private static let traffic: KeyValuePairs = [
        "MessagesSent": "sent", "MessagesReceived": "received",
    ]
    /// What went wrong on the way, in words.
    private static let troubles: KeyValuePairs = [
        "SendFailures": "could not be sent", "SendRepetitions": "had to wait for a route or a tag",
        "LateMessages": "came too late", "UnmatchedMessages": "answered nothing",
        "OversizedMessages": "were too long", "ReceiveErrors": "could not be received",
        "Reconnections": "new connections to the demux daemon",
    ]
    private static let waiting: KeyValuePairs = [
        "OpenCalls": "calls under way", "WaitingCalls": "calls that wait",
        "OpenExchanges": "exchanges with drives", "ReservedTags": "MCTP tags",
    ]

    func lines(_ report: Report) -> [String] {
        var rows: [(name: String, value: String, emphasis: Emphasis)] = []
        func add(_ name: String, _ value: String, _ emphasis: Emphasis = .plain) {
            rows.append((name, value, emphasis))
        }
        add("Daemon", "nvmemid \(bridge.version)" + since(bridge.startTime, "runs since"))
        if bridge.version != CommandLineTool.version {
            add("", "this command is of version \(CommandLineTool.version)", .warning)
        }
        add("Bus", bus)
        add(
            "Carrier",
            bridge.carrier
                + (bridge.isCarrierConnected == false
                    ? ", not there" + since(bridge.carrierSince, "since") : ""),
            bridge.isCarrierConnected == false ? .bad : .plain
        )
        add("mctpd", mctpd, bridge.isMctpdPresent == false ? .bad : .plain)
        if let right = mctpdRight, bridge.isMctpdPresent != false || right.emphasis == .warning {
            add("", right.text, right.emphasis)
        }
        add(
            "Drives",
            FleetSummary(drives, missing: inventory.missing.count).text,
            worst.emphasis == .good ? .plain : worst.emphasis
        )
        for drive in inventory.missing { add("Missing", drive.text(now: now), .bad) }
        add("States", counts(drives.map(\.state)))
        add("Endpoints", counts(inventory.endpoints.map { plain($0.property("State")) }))
        add("Messages", told(Self.traffic, isZeroTold: true))
        add("Losses", told(Self.troubles, isZeroTold: false))
        if let lastHour { add("Last hour", lastHour.text, lastHour.emphasis) }
        add("At work", told(Self.waiting, isZeroTold: true))
        if let level = bridge.logLevel { add("Log", "level \(level); see `nvmemi history`") }
        for hindrance in hindrances { add("Mind", hindrance, .warning) }
        let longest = rows.map { Columns.width($0.name) }.max() ?? 0
        return rows.flatMap { row -> [String] in
            let start = Columns.padded(row.name, to: longest, .leading) + "  "
            let room = max(20, (report.width ?? .max) - Columns.width(start))
            return Columns.wrapped(Columns.printable(row.value), to: room).enumerated()
                .map { index, piece in
                    (index == 0 ? start : String(repeating: " ", count: start.count))
                        + report.style.apply(row.emphasis, to: piece)
                }
        }
    }

    var datum: Datum {
        func moment(_ time: UInt64?) -> Datum { time.map(Datum.unsigned) ?? .null }
        func truth(_ value: Bool?) -> Datum { value.map(Datum.boolean) ?? .null }
        let summary = FleetSummary(drives)
        return .dictionary([
            .init("version", .text(bridge.version)),
            .init("commandVersion", .text(CommandLineTool.version)),
            .init("started", moment(bridge.startTime)), .init("bus", .text(bus)),
            .init(
                "carrier",
                .dictionary([
                    .init("name", .text(bridge.carrier)),
                    .init("connected", truth(bridge.isCarrierConnected)),
                    .init("since", moment(bridge.carrierSince)),
                ])
            ),
            .init(
                "mctpd",
                .dictionary([
                    .init("present", truth(bridge.isMctpdPresent)),
                    .init("since", moment(bridge.mctpdSince)),
                    .init("control", bridge.mctpdControl.map(Datum.text) ?? .null),
                ])
            ),
            .init(
                "drives",
                .dictionary(
                    DriveSummary.Health.allCases.map {
                        .init($0.rawValue, .unsigned(UInt64(summary.count($0))))
                    }
                )
            ),
            .init("missing", .list(inventory.missing.map(\.datum))),
            .init("states", number(drives.map(\.state))),
            .init("endpoints", number(inventory.endpoints.map { plain($0.property("State")) })),
            .init("errorsLastHour", statistics["ErrorsLastHour"] ?? .null),
            .init("warningsLastHour", statistics["WarningsLastHour"] ?? .null),
            .init("statistics", statistics),
            .init("logLevel", bridge.logLevel.map(Datum.text) ?? .null),
            .init("hindrances", .list(hindrances.map(Datum.text))),
        ])
    }

    // MARK: In words

    private var worst: DriveSummary.Health {
        drives.map(\.health).max { $0.rank < $1.rank } ?? .fine
    }

    private func since(_ time: UInt64?, _ word: String) -> String {
        time.map { ", \(word) \(Moment.described($0, now: now))" } ?? ""
    }

    private var mctpd: String {
        switch bridge.isMctpdPresent {
        case true?: "on the bus" + since(bridge.mctpdSince, "since")
        case false?: "not on the bus" + since(bridge.mctpdSince, "since") + "; nobody finds drives"
        case nil: "not told by this daemon"
        }
    }

    /// What the daemon's log had of late; nil where an older one does not tell.
    private var lastHour: (text: String, emphasis: Emphasis)? {
        func number(_ name: String) -> UInt64? { statistics[name]?.number.map { UInt64($0) } }
        guard let errors = number("ErrorsLastHour"), let warnings = number("WarningsLastHour")
        else { return nil }
        func counted(_ count: UInt64, _ word: String) -> String {
            "\(count) \(word)\(count == 1 ? "" : "s")"
        }
        guard errors + warnings > 0 else { return ("no errors, no warnings", .plain) }
        return (
            "\(counted(errors, "error")), \(counted(warnings, "warning")) in the log; see `nvmemi history`",
            errors > 0 ? .bad : .warning
        )
    }

    private var mctpdRight: (text: String, emphasis: Emphasis)? {
        switch bridge.mctpdControl {
        case "granted"?: ("lets the daemon recover drives and set routes", .plain)
        case "denied"?:
            (
                "refuses to recover drives and to set routes: run nvmemid as mctpd's user "
                    + "(dbus/install --user)",
                .warning
            )
        default: nil
        }
    }

    /// What keeps the daemon from telling how drives are.
    var hindrances: [String] {
        var texts: [String] = []
        func note(_ text: String, where isSo: (Inventory.Endpoint) -> Bool) {
            let found = inventory.endpoints.filter(isSo).map(\.address)
            guard !found.isEmpty else { return }
            texts.append("\(text) at " + found.joined(separator: ", "))
        }
        note("health is not polled") { $0.property("PollInterval") == .unsigned(0) }
        note("a client has paused the health polls") {
            $0.property("PollingPaused") == .boolean(true)
        }
        if let level = bridge.logLevel {
            if level == "error" || level == "warning" {
                texts.append("at log level \(level) the log does not tell who changes drives")
            }
            if level == "debug" || level == "trace" {
                texts.append("at log level \(level) the log grows without limit")
            }
        }
        return texts
    }

    private func plain(_ datum: Datum?) -> String { datum.map(Quantity.plain) ?? "unknown" }

    private func tally(_ words: [String]) -> [(word: String, count: Int)] {
        Set(words).sorted().map { word in (word, words.filter { $0 == word }.count) }
    }

    private func counts(_ words: [String]) -> String {
        words.isEmpty
            ? "none" : tally(words).map { "\($0.count) \($0.word)" }.joined(separator: ", ")
    }

    private func number(_ words: [String]) -> Datum {
        .dictionary(tally(words).map { .init($0.word, .unsigned(UInt64($0.count))) })
    }

    private func told(_ names: KeyValuePairs<String, String>, isZeroTold: Bool) -> String {
        let parts = names.compactMap { name, words -> String? in
            guard let count = statistics[name]?.number, count > 0 || isZeroTold else { return nil }
            return "\(UInt64(count)) \(words)"
        }
        return parts.isEmpty ? "none" : parts.joined(separator: ", ")
    }
}
