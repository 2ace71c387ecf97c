/// How many drives are how well, in a line.
struct FleetSummary: Equatable, Sendable {
    private var counts: [DriveSummary.Health: Int] = [:]
    let total: Int

    init(_ drives: [DriveSummary]) {
        total = drives.count
        for drive in drives { counts[drive.health, default: 0] += 1 }
    }

    func count(_ health: DriveSummary.Health) -> Int { counts[health] ?? 0 }

    /// Such as `40 drives: 37 fine, 2 warnings, 1 unavailable`.
    var text: String {
        let parts = DriveSummary.Health.allCases.compactMap { health -> String? in
            let count = count(health)
            guard count > 0 else { return nil }
            let word = health == .warning && count > 1 ? "warnings" : health.rawValue
            return "\(count) \(word)"
        }
        let drives = total == 1 ? "1 drive" : "\(total) drives"
        return parts.isEmpty ? drives : "\(drives): " + parts.joined(separator: ", ")
    }
}
