import NVMeMIClient

/// Why an endpoint is in its state: once for the people who run the machine, once for those who know the protocols.
public struct StateReason: Equatable, Sendable {
    /// What is the matter, what is done about it, and what to try; empty when nothing is the matter.
    public let sentence: String
    /// The same with errors and numbers; empty when there is no more to say.
    public let detail: String

    private init(_ sentence: String, _ detail: String) {
        self.sentence = sentence
        self.detail = detail
    }

    /// Nothing is the matter.
    public static let none = StateReason("", "")

    static let found = StateReason(
        "Was found just now, and is being asked what it is.",
        "first look"
    )

    /// mctpd says that it cannot be reached.
    static let degraded = StateReason(
        "mctpd cannot reach it, and says when it can again. See whether the drive, or its host, has power.",
        "mctpd reports its connectivity as Degraded"
    )

    static let resetting = StateReason(
        "Resets. It is asked again in a moment; nothing is to be done.",
        "its NVM subsystem resets"
    )

    static let beingRecovered = StateReason(
        "Does not answer, and mctpd tries to bring it back, which takes some seconds.",
        "being recovered by mctpd"
    )

    /// Nothing comes back.
    static func silent(_ error: String) -> StateReason {
        StateReason(
            """
            Does not answer. It is tried again from time to time, and mctpd is asked to recover it. If that \
            does not help, see whether it has power and sits well in its place.
            """,
            error
        )
    }

    /// Nothing comes back, and nothing is expected to.
    static func hostAsleep(_ error: String) -> StateReason {
        StateReason(
            "Does not answer while its host is off. It is tried again from time to time.",
            "its host is off: \(error)"
        )
    }

    /// Only its MCTP answers.
    static func deafToCommands(_ error: String) -> StateReason {
        StateReason(
            """
            Is there, but does not answer NVMe-MI commands. It is tried again from time to time. If it stays \
            so, reset the drive or switch its power.
            """,
            "answers MCTP control messages, but no NVMe-MI commands: \(error)"
        )
    }

    /// Something in the way to it fails, so that nothing is known of itself.
    static func interrupted(_ error: String) -> StateReason {
        StateReason(
            "Could not be asked, for a reason that is not its own. It is tried again from time to time.",
            error
        )
    }

    /// It says itself that it is not ready yet.
    static func notReady(_ parts: [String], _ missing: String) -> StateReason {
        StateReason(
            """
            Says that it is not ready yet: its \(list(parts)) missing. It is asked again from time to time.
            """,
            missing
        )
    }

    /// It answers, but not as it must.
    static func insufficient(_ parts: [String], _ missing: String) -> StateReason {
        StateReason(
            """
            Answers, but not as an NVMe-MI drive must: its \(list(parts)) missing. It is asked again from time \
            to time. If it stays so, look for newer firmware of the drive.
            """,
            missing
        )
    }

    /// It does what it must, and something is missing all the same.
    static func incomplete(_ parts: [String], _ missing: String, isAskedAgain: Bool) -> StateReason
    {
        guard !parts.isEmpty else { return .none }
        return StateReason(
            "Works, but its \(list(parts)) missing"
                + (isAskedAgain ? "; asked for again from time to time." : "; the drive refuses."),
            missing
        )
    }

    /// Names with the verb that follows them.
    private static func list(_ parts: [String]) -> String {
        switch parts.count {
        case 0: "answers are"
        case 1: "\(parts[0]) is"
        case 2: "\(parts[0]) and \(parts[1]) are"
        default: "\(parts[0]), \(parts[1]) and \(parts.count - 2) more are"
        }
    }
}
