import ArgumentParser

/// What a person wants to be told of, beyond what the daemon judges.
struct HealthThresholds: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Take a drive that has used more of its life than this for one with a warning.",
            valueName: "percent"
        ),
        transform: Number.parse
    )
    var maxWear: UInt8?

    @Option(
        help: ArgumentHelp("The same for one with less spare than this.", valueName: "percent"),
        transform: Number.parse
    )
    var minSpare: UInt8?

    @Option(
        help: ArgumentHelp("The same for one that is warmer than this.", valueName: "celsius"),
        transform: Number.parse
    )
    var maxTemperature: Int16?

    /// A drive judged by these as well.
    func judging(_ drive: DriveSummary, now: UInt64 = Moment.now) -> DriveSummary {
        var reasons: [String] = []
        // What is old says nothing of now.
        let isCurrent = !drive.isStale(now: now) && drive.health != .unavailable
        if let maxWear, let wear = drive.wear, wear > maxWear {
            reasons.append("Has used \(wear) % of its life, more than \(maxWear) %")
        }
        if let minSpare, let spare = drive.spare, spare < minSpare {
            reasons.append("Has \(spare) % spare, less than \(minSpare) %")
        }
        if let maxTemperature, isCurrent, let temperature = drive.temperature,
            temperature > maxTemperature
        {
            reasons.append("Is at \(temperature) °C, over \(maxTemperature) °C")
        }
        if drive.isStale(now: now), drive.health != .unavailable {
            reasons.append("Was last polled \(Moment.age(drive.updated, now: now)) ago")
        }
        guard !reasons.isEmpty else { return drive }
        var judged = drive
        judged.reasons += reasons
        if judged.health.rank < DriveSummary.Health.warning.rank { judged.health = .warning }
        return judged
    }
}
