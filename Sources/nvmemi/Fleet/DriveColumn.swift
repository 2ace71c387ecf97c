import NVMeMI

/// A column of the list of drives; what it is called, and what stands in it.
enum DriveColumn: String, CaseIterable, Sendable {
    case endpoint, place, name, state, health, model, serial, firmware, mi, capacity
    case temperature, wear, spare, age, reason

    /// Those that are shown where nobody says which.
    static let standard: [DriveColumn] = [
        .endpoint, .place, .state, .health, .model, .serial, .firmware, .capacity, .temperature,
        .wear, .spare, .age,
    ]

    /// In which order columns are left out of a terminal that is too narrow; the others never are.
    static let droppedFirst: [DriveColumn] = [
        .reason, .mi, .name, .age, .firmware, .capacity, .model, .spare, .wear, .temperature,
    ]

    var column: Table.Column {
        switch self {
        case .temperature: .init("TEMP", .trailing)
        case .capacity, .wear, .spare, .age: .init(rawValue.uppercased(), .trailing)
        case .model: .init("MODEL", shrinksTo: 16)
        case .reason: .init("REASON", shrinksTo: 24)
        default: .init(rawValue.uppercased())
        }
    }

    func cell(of drive: DriveSummary, now: UInt64, _ glyphs: Glyphs) -> Table.Cell {
        func text(_ text: String?) -> Table.Cell { text.map { Table.Cell($0) } ?? .unknown }
        switch self {
        case .endpoint: return text(drive.addresses)
        case .place: return text(drive.place)
        case .name: return text(drive.name)
        case .state: return Table.Cell(drive.state, DriveColumn.emphasis(ofState: drive.state))
        case .health: return Table.Cell(drive.health.rawValue, drive.health.emphasis)
        case .model: return text(drive.model)
        case .serial: return text(drive.serialNumber)
        case .firmware: return text(drive.firmware)
        case .mi: return text(drive.managementVersion)
        case .capacity: return text(drive.capacity.map { Quantity.scaled(Double($0), "B") })
        case .temperature:
            return Table.Cell(
                measured(drive.temperature.map { "\($0) \(glyphs.celsius)" }, drive, now),
                temperatureEmphasis(of: drive)
            )
        case .wear:
            return Table.Cell(measured(drive.wear.map { "\($0) %" }, drive, now))
        case .spare: return Table.Cell(measured(drive.spare.map { "\($0) %" }, drive, now))
        case .age: return text(drive.updated == 0 ? nil : Moment.age(drive.updated, now: now))
        case .reason: return text(drive.reasons.joined(separator: "; "))
        }
    }

    /// What the mark of old values means.
    static let markMeaning = "* older than twice the poll interval"

    /// Whether a drive's value in this column is marked as old.
    func isMarked(of drive: DriveSummary, now: UInt64) -> Bool {
        guard drive.isStale(now: now) else { return false }
        switch self {
        case .temperature: return drive.temperature != nil
        case .wear: return drive.wear != nil
        case .spare: return drive.spare != nil
        default: return false
        }
    }

    /// What is old is marked.
    private func measured(_ text: String?, _ drive: DriveSummary, _ now: UInt64) -> String {
        guard let text else { return "-" }
        return drive.isStale(now: now) ? text + "*" : text
    }

    private func temperatureEmphasis(of drive: DriveSummary) -> Emphasis {
        guard let temperature = drive.temperature else { return .plain }
        if let limit = drive.criticalTemperature, temperature >= limit { return .bad }
        if let limit = drive.warningTemperature, temperature >= limit { return .warning }
        return .plain
    }

    static func emphasis(ofState state: String) -> Emphasis {
        switch state {
        case "ready": .good
        case "failed": .bad
        case "unavailable": .warning
        default: .plain
        }
    }
}
