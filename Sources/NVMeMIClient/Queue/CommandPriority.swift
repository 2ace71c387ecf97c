/// How urgent a command is to its endpoint; a higher one never waits for a lower one that has not started.
public enum CommandPriority: Int, CaseIterable, Comparable, Sendable {
    /// Log pages and other transfers of many messages.
    case bulk
    /// A person or program is waiting for one answer.
    case interactive
    /// Health polls.
    case health
    /// Commands that bring an endpoint into service or back into order.
    case control

    /// Orders priorities by urgency.
    public static func < (left: CommandPriority, right: CommandPriority) -> Bool {
        left.rawValue < right.rawValue
    }
}
