import NVMeMI

/// How well a drive is, in the words in which people are told: the worst of what it says and of what is seen.
///
/// The one place in which this is judged.
public struct DriveHealth: Equatable, Sendable {
    /// How well, from the best on.
    public enum Level: Int, Comparable, Sendable {
        /// Nothing is the matter, as far as is known.
        case fine
        /// It has not told yet.
        case unknown
        /// It works, and somebody should see to it.
        case warning
        /// It does not answer, so that nobody can say.
        case unavailable
        /// It does not work as it must, or will not for long.
        case critical

        /// As people are told.
        public var name: String { "\(self)" }

        /// Whether one is better than another.
        public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    }

    /// One thing that is the matter.
    public struct Reason: Equatable, Sendable {
        /// How bad it is.
        public let level: Level
        /// In words that do not change while the matter is the same.
        public let text: String
    }

    /// The worst of all reasons.
    public let level: Level
    /// What is the matter, the worst first; empty when nothing is.
    public let reasons: [Reason]

    init(_ reasons: [Reason]) {
        level = reasons.map(\.level).max() ?? .fine
        // Of the same level, in the order in which they were found.
        self.reasons = reasons.enumerated().sorted {
            ($1.element.level, $0.offset) < ($0.element.level, $1.offset)
        }.map(\.element)
    }

    /// Of a drive of which nothing is known.
    static let unknown = DriveHealth([Reason(level: .unknown, text: "Has not told its health yet")])
}

extension Drive {
    /// How well it is now.
    var presentHealth: DriveHealth {
        var reasons: [DriveHealth.Reason] = []
        func add(_ level: DriveHealth.Level, _ text: String) {
            reasons.append(DriveHealth.Reason(level: level, text: text))
        }
        switch condition {
        case .working: break
        case .notReady where activeEndpoint?.recovery.isUnderWay ?? false:
            add(.unknown, "Is being recovered by mctpd")
        case .notReady:
            add(.unknown, state == .busy ? "Is not ready yet" : "Resets, and does not answer yet")
        case .offline where activeEndpoint?.fleet.isHostAsleep ?? false:
            add(.unavailable, "Does not answer while its host is off")
        case .offline: add(.unavailable, "Cannot be reached, so mctpd says")
        case .failed where state == .unavailable: add(.unavailable, "Does not answer")
        case .failed where state == .failed: add(.critical, "Answers, but not as it must")
        case .failed: break
        }
        guard let health else { return reasons.isEmpty ? .unknown : DriveHealth(reasons) }
        for (isSo, level, text) in saidBySubsystem(health) where isSo { add(level, text) }
        for (warning, level, text) in Self.warnings where health.warnings.contains(warning) {
            add(level, text)
        }
        if isHealthCurrent { reasons += temperatureReasons(of: health) }
        let limit = wearWarning
        if limit > 0, health.percentageUsed >= limit {
            add(.warning, "Has used \(health.percentageUsed) % of its life")
        }
        return DriveHealth(reasons)
    }

    /// The share of its life, in percent, from which its wear is a warning; 0 for none.
    private var wearWarning: UInt8 { activeEndpoint?.settings.wearWarning ?? 0 }

    private func saidBySubsystem(
        _ health: SubsystemHealth
    ) -> [(isSo: Bool, level: DriveHealth.Level, text: String)] {
        [
            (
                !health.status.contains(.driveFunctional), .critical,
                "Says that it does not function"
            ),
            (!health.status.contains(.resetNotRequired), .warning, "Needs a reset"),
            (
                health.status.contains(.sanitizeFailureMode), .critical,
                "A sanitize operation has failed and restricts it"
            ),
        ]
    }

    /// What each critical warning means; that of temperatures has thresholds of its own.
    private static let warnings:
        [(warning: CriticalWarnings, level: DriveHealth.Level, text: String)] = [
            (.readOnly, .critical, "Can only be read"),
            (.reliability, .critical, "Is unreliable after errors of its media or its own"),
            (.volatileMemoryBackup, .critical, "Cannot save its cache when power fails"),
            (.persistentMemoryRegion, .warning, "Its persistent memory region is unreliable"),
            (.availableSpare, .warning, "Has less spare than its threshold"),
            (.indeterminatePersonality, .warning, "Its personality is not determined"),
        ]

    private func temperatureReasons(of health: SubsystemHealth) -> [DriveHealth.Reason] {
        if criticalAlarm.isAsserted, let limit = criticalTemperature {
            return [
                .init(level: .critical, text: "Has reached its critical temperature of \(limit) °C")
            ]
        }
        if warningAlarm.isAsserted, let limit = warningTemperature {
            return [
                .init(level: .warning, text: "Has reached its warning temperature of \(limit) °C")
            ]
        }
        guard health.warnings.contains(.temperature) else { return [] }
        return [.init(level: .warning, text: "Says that a temperature is beyond a threshold")]
    }
}
