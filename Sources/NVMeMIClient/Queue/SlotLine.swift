import NVMeMI

/// The commands that wait for their turn, and what they wait for: slots 0 and 1, and the turn of a control primitive.
///
/// Health polls may use slot 1 while slot 0 works on another command. No other command may, however urgent: it
/// could take long, and a poll has nowhere else to go. A command that must not meet another one in the drive gets
/// both.
struct SlotLine {
    /// A command in line.
    private struct Entry {
        let course: CourseID
        let mayUseSecondSlot: Bool
        let needsBothSlots: Bool
    }

    private var commands: FairQueue<Entry>
    /// Control primitives of callers; they need no slot, and go to the drive one at a time.
    private var primitives: FairQueue<Entry>
    /// The next command, which needs both slots and waits for slot 1.
    private var waitingForBoth: Entry?
    private var isZeroOccupied = false
    private var isOneOccupied = false
    private var isPrimitiveUnderWay = false

    init(_ settings: SessionSettings) {
        commands = FairQueue(
            limit: settings.queueLimit,
            limitPerSender: settings.queueLimitPerSender
        )
        primitives = commands
    }

    /// Commands that wait.
    var count: Int { commands.count + (waitingForBoth == nil ? 0 : 1) + primitives.count }

    /// Whether nothing waits.
    var isEmpty: Bool { commands.isEmpty && primitives.isEmpty && waitingForBoth == nil }

    /// Takes new limits over; what is in line stays.
    mutating func limit(_ settings: SessionSettings) {
        commands.limit = settings.queueLimit
        commands.limitPerSender = settings.queueLimitPerSender
        primitives.limit = settings.queueLimit
        primitives.limitPerSender = settings.queueLimitPerSender
    }

    /// The usual case: nobody is before the command, and what it needs is free.
    ///
    /// - Parameters:
    ///   - order: The command.
    ///   - isInDoubt: Whether slot 0 is.
    /// - Returns: What it gets; nil when it has to wait for its turn.
    mutating func takeFree(for order: Order, isInDoubt: Bool) -> SlotGrant? {
        if order.category == .controlPrimitive {
            guard !isPrimitiveUnderWay else { return nil }
            isPrimitiveUnderWay = true
            return .primitive
        }
        guard commands.isEmpty, waitingForBoth == nil, !order.options.isExclusive,
            !isZeroOccupied, !isInDoubt
        else { return nil }
        isZeroOccupied = true
        return .one(.zero)
    }

    /// Puts a command in line; one that is returning is the next one again.
    ///
    /// - Returns: The ticket that takes it out.
    mutating func append(
        _ order: Order,
        isReturning: Bool = false
    ) throws(QueueRefusal) -> UInt64 {
        let options = order.options
        let entry = Entry(
            course: order.id,
            mayUseSecondSlot: options.priority == .health && !options.isExclusive,
            needsBothSlots: options.isExclusive
        )
        if order.category == .controlPrimitive {
            return try primitives.append(
                entry,
                priority: options.priority,
                sender: options.sender,
                isReturning: isReturning
            )
        }
        return try commands.append(
            entry,
            priority: options.priority,
            sender: options.sender,
            isReturning: isReturning
        )
    }

    /// Takes a command out that waits no longer.
    mutating func withdraw(_ order: Order, ticket: UInt64) {
        if waitingForBoth?.course == order.id {
            waitingForBoth = nil
        } else if order.category == .controlPrimitive {
            _ = primitives.withdraw(ticket)
        } else {
            _ = commands.withdraw(ticket)
        }
    }

    /// Takes back what a command had.
    mutating func release(_ grant: SlotGrant) {
        switch grant {
        case .one(.zero): isZeroOccupied = false
        case .one: isOneOccupied = false
        case .both: (isZeroOccupied, isOneOccupied) = (false, false)
        case .primitive: isPrimitiveUnderWay = false
        }
    }

    /// The next command whose turn it is, and what it gets; nil when there is none.
    ///
    /// - Parameters:
    ///   - isZeroInDoubt: Whether slot 0 is, so that a poll had better use slot 1.
    ///   - isOneUsable: Whether slot 1 can be given to a command.
    /// - Returns: Whose turn it is, and what it gets; nil when nobody's is.
    mutating func nextGrant(
        isZeroInDoubt: Bool,
        isOneUsable: Bool
    ) -> (CourseID, SlotGrant)? {
        if !isPrimitiveUnderWay, let entry = primitives.next() {
            isPrimitiveUnderWay = true
            return (entry.course, .primitive)
        }
        if let entry = waitingForBoth {
            guard !isZeroOccupied, !isOneOccupied else { return nil }
            waitingForBoth = nil
            return grantBoth(entry)
        }
        guard !commands.isEmpty else { return nil }
        if isZeroOccupied || isZeroInDoubt, !isOneOccupied, isOneUsable,
            let entry = commands.next(where: { $0.mayUseSecondSlot })
        {
            isOneOccupied = true
            return (entry.course, .one(.one))
        }
        guard !isZeroOccupied, let entry = commands.next() else { return nil }
        guard entry.needsBothSlots else {
            isZeroOccupied = true
            return (entry.course, .one(.zero))
        }
        guard !isOneOccupied else {
            waitingForBoth = entry
            return nil
        }
        return grantBoth(entry)
    }

    private mutating func grantBoth(_ entry: Entry) -> (CourseID, SlotGrant) {
        (isZeroOccupied, isOneOccupied) = (true, true)
        return (entry.course, .both)
    }
}
