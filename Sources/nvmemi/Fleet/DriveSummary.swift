/// A drive at a glance: what the daemon knows of it without asking it.
struct DriveSummary: Equatable, Sendable {
    /// How well it is, as the daemon judges it.
    enum Health: String, CaseIterable, Sendable {
        // From the best to the worst.
        case fine, unknown, warning, unavailable, critical

        var emphasis: Emphasis {
            switch self {
            case .fine: .good
            case .unknown: .quiet
            case .warning: .warning
            case .unavailable, .critical: .bad
            }
        }

        var rank: Int { Health.allCases.firstIndex(of: self) ?? 0 }
    }

    /// What it is known again by where its name may be another: the name is of the place for some.
    fileprivate var identity: String { serialNumber.map { "\(model ?? "") \($0)" } ?? name }

    /// As the bus has it; the address where the daemon does not know the drive yet.
    var name: String
    /// Where it is in the machine, as far as that is known.
    var place: String?
    var path: String?
    /// The one that commands take comes first.
    var endpoints: [Inventory.Endpoint]
    var state: String
    var stateReason: String
    var stateSince: UInt64
    var health: Health
    /// What is the matter, the worst first.
    var reasons: [String]
    var healthSince: UInt64
    var model: String?
    var serialNumber: String?
    var firmware: String?
    var managementVersion: String?
    /// Bytes.
    var capacity: UInt64?
    /// Degrees Celsius, as the other temperatures.
    var temperature: Int?
    var warningTemperature: Int?
    var criticalTemperature: Int?
    /// Percent of its life; 255 stands for that and more.
    var wear: Int?
    /// Percent.
    var spare: Int?
    /// Critical warnings by name.
    var warnings: [String]
    /// When the last poll was answered, in milliseconds of Unix time; 0 before the first.
    var updated: UInt64
    /// Milliseconds; 0 polls never.
    var pollInterval: UInt64

    init(_ drive: Inventory.Drive) {
        let endpoint = drive.endpoints.first
        func property(_ name: String) -> Datum? {
            if let known = drive.object?.properties[name], known != .text("") { return known }
            return endpoint?.property(name)
        }
        func text(_ name: String) -> String? { property(name)?.nonEmptyText }
        func number(_ name: String) -> Int? { property(name)?.number.flatMap { Int(exactly: $0) } }
        func moment(_ name: String) -> UInt64 { number(name).map { UInt64(clamping: $0) } ?? 0 }
        func texts(_ name: String) -> [String] {
            guard case .list(let values)? = property(name) else { return [] }
            return values.compactMap(\.nonEmptyText)
        }
        endpoints = drive.endpoints
        path = drive.object?.path
        name = text("Name") ?? endpoint?.address ?? "-"
        place = text("Location")
        state = text("State") ?? "-"
        stateReason = text("StateReason") ?? ""
        stateSince = moment("StateSince")
        health = text("Health").flatMap(Health.init(rawValue:)) ?? .unknown
        let told = texts("HealthReasons")
        reasons = told.isEmpty && health == .unknown ? ["Is being asked what it is"] : told
        healthSince = moment("HealthSince")
        model = text("ModelNumber")
        serialNumber = text("SerialNumber")
        firmware = text("FirmwareRevision")
        managementVersion = text("MIVersion")
        capacity = number("Capacity").flatMap { $0 > 0 ? UInt64($0) : nil }
        warningTemperature = number("WarningTemperature").flatMap { $0 == 0 ? nil : $0 }
        criticalTemperature = number("CriticalTemperature").flatMap { $0 == 0 ? nil : $0 }
        updated = moment("Updated")
        pollInterval = moment("PollInterval")
        let isMeasured = property("CompositeTemperatureState") == .text("Measured")
        temperature = updated > 0 && isMeasured ? number("CompositeTemperature") : nil
        wear = updated > 0 ? number("PercentageDriveLifeUsed") : nil
        spare = number("AvailableSpare").flatMap { $0 > 100 ? nil : $0 }
        warnings = texts("SMARTWarnings")
    }

    /// Whether it has just come and is asked for the first time what it is.
    var isBeingAsked: Bool { serialNumber == nil && state == "initializing" }

    /// Whether it has not told yet what it is, and is known only by one of some addresses.
    func isUnknown(at others: [Inventory.Endpoint]) -> Bool {
        serialNumber == nil
            && endpoints.contains { own in others.contains { $0.path == own.path } }
    }

    /// Addresses of all ways to it.
    var addresses: String { endpoints.map(\.address).joined(separator: ",") }

    /// By what a person finds it: its place, else its address.
    var label: String { place ?? endpoints.first?.address ?? name }

    /// What is the matter, with the state's reason; what that says as well is said once.
    var allReasons: [String] {
        guard !stateReason.isEmpty else { return reasons }
        return reasons.filter { !stateReason.hasPrefix($0) } + [stateReason]
    }

    /// The temperature as it is now; nil while that is not known.
    func currentTemperature(now: UInt64 = Moment.now) -> Int? {
        isStale(now: now) || health == .unavailable ? nil : temperature
    }

    /// Whether what was measured is older than twice the time between two polls.
    func isStale(now: UInt64 = Moment.now) -> Bool {
        updated > 0 && now > updated && now - updated > max(2 * pollInterval, 10_000)
    }
}

extension [DriveSummary] {
    /// Each with what it is known again by; where several tell the same, that is their names.
    var byIdentity: [(identity: String, drive: DriveSummary)] {
        let counts = Dictionary(map { ($0.identity, 1) }, uniquingKeysWith: +)
        return map { (counts[$0.identity] == 1 ? $0.identity : $0.name, $0) }
    }
}

extension Inventory {
    /// All drives at a glance.
    var summaries: [DriveSummary] { drives.map { DriveSummary($0) } }
}
