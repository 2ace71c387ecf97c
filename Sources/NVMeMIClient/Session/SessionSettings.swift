public import NVMeMI

/// What one endpoint's session may take, wait and hold.
public struct SessionSettings: Equatable, Sendable {
    /// Commands that may wait for a slot, of all senders together.
    public var queueLimit = 64
    /// Commands of one sender that may wait for a slot.
    public var queueLimitPerSender = 16
    /// Replaces every command's own default time limit, queueing included; nil keeps them.
    public var timeLimit: Duration?
    /// The least time from a message of the drive, or another command to it, to the next command, for
    /// drives that lose a command which follows too closely.
    public var minimumGap: Duration = .zero
    /// Whether commands may use slot 1 beside slot 0.
    public var usesSecondSlot = true
    /// Whether the drive may be sent control primitives; one that they confuse is only waited for.
    public var usesControlPrimitives = true
    /// The longest time, from the call to the answer, that a drive can ask for by More Processing
    /// Required, however often, where neither the caller nor ``timeLimit`` says how long a command may take.
    public var moreProcessingTimeLimit: Duration = .seconds(60)
    /// How long a slot stays out of use after a command was left unanswered in it, while the drive does
    /// not answer control primitives at all: an answer may still come.
    public var quarantine: Duration = .seconds(10)
    /// The same for a drive that refuses control primitives, but answers.
    public var quarantineWithoutPrimitives: Duration = .seconds(1)

    /// The defaults.
    public init() {}
}

/// How one command is to be carried out.
public struct CommandOptions: Sendable {
    /// Time from the call to the answer, whatever happens in between.
    ///
    /// Queueing, More Processing Required and a repetition all count. Nil takes the command's own
    /// default, which a drive can extend by More Processing Required.
    public var timeLimit: Duration?
    /// The command's place in the queue.
    public var priority: CommandPriority
    /// Whose command it is; senders take turns.
    ///
    /// A D-Bus unique name, or empty for the daemon itself.
    public var sender: String
    /// Whether both slots must be empty meanwhile, as for a change of the transmission unit.
    public var isExclusive: Bool
    /// The slot that a control primitive is about; commands are given theirs.
    public var slot: CommandSlot

    /// A command of the given sender.
    public init(
        timeLimit: Duration? = nil,
        priority: CommandPriority = .interactive,
        sender: String = "",
        isExclusive: Bool = false,
        slot: CommandSlot = .zero
    ) {
        self.slot = slot
        self.isExclusive = isExclusive
        self.timeLimit = timeLimit
        self.priority = priority
        self.sender = sender
    }
}
