/// How many drives are how well, in a line.
struct FleetSummary: Equatable, Sendable {
    private var counts: [DriveSummary.Health: Int] = [:]
    let total: Int
    /// How many were there and are not; they are not in the total.
    let missing: Int

    init(_ drives: [DriveSummary], missing: Int = 0) {
        total = drives.count
        self.missing = missing
        for drive in drives { counts[drive.health, default: 0] += 1 }
    }

    func count(_ health: DriveSummary.Health) -> Int { counts[health] ?? 0 }

    /// Such as `40 drives: 37 fine, 2 warnings, 1 unavailable`.
    var text: String {
        var parts = DriveSummary.Health.allCases.compactMap { health -> String? in
            let count = count(health)
            guard count > 0 else { return nil }
            let word = health == .warning && count > 1 ? "warnings" : health.rawValue
            return "\(count) \(word)"
        }
        if missing > 0 { parts.append("\(missing) missing") }
        let drives = total == 1 ? "1 drive" : "\(total) drives"
        return parts.isEmpty ? drives : "\(drives): " + parts.joined(separator: ", ")
    }
}
