internal import EventLoop

/// How much of what callers were sent they may not have read.
///
/// A bus holds what its clients do not read, and dbus-daemon reads nothing more from a sender of whom it holds
/// too much: whoever asks and never reads would make the service deaf and dumb. dbus-daemon tells how much it
/// holds for a connection and is asked when a user has been sent much; where it does not, everybody is taken to
/// read at a certain pace.
@LoopActor
final class UnreadAnswers {
    /// What a call deserves.
    enum Verdict {
        case answer
        /// An error.
        case refusal(String)
        /// Nothing at all: an error would go unread as well.
        case silence
    }

    weak var connection: Connection?
    /// Whether the bus tells how much it holds; nil while that is not known.
    private var busTells: Bool?

    /// Sent to a user since the bus was last asked, before it is asked again.
    private static let untilAsked = 4 << 20
    /// Connections of a user in the account before the bus is asked.
    private static let maximumConnections = 64
    /// Bytes in a second that everybody is taken to read where the bus does not tell.
    ///
    /// It is more than anybody can ask for: dbus-broker, which tells nothing, ends the connection of who does not read by itself.
    private static let assumedPace = 128 << 20

    nonisolated init() {}

    /// Takes note of an answer.
    func sent(_ size: Int, to sender: String, of user: User) {
        decay(user.unread)
        user.unread.total += size
        user.unread.new += size
        user.unread.bySender[sender, default: 0] += size
        if user.unread.new >= Self.untilAsked
            || user.unread.bySender.count > Self.maximumConnections
        {
            ask(about: user.unread)
        }
    }

    /// Whether a call may be answered; decided before anything is done for it.
    func verdict(on sender: String, of user: User, limits: ConnectionLimits) -> Verdict {
        let account = user.unread
        guard account.total > limits.unreadBytesPerSender else { return .answer }
        decay(account)
        let held = account.bySender[sender] ?? 0
        guard
            held > limits.unreadBytesPerSender
                || account.total > limits.unreadBytesPerUser && held > 0
        else { return .answer }
        // It may have begun to read.
        ask(about: account)
        let isHopeless =
            held > 2 * limits.unreadBytesPerSender
            || account.total > 2 * limits.unreadBytesPerUser
        return isHopeless
            ? .silence
            : .refusal("\(held) bytes of answers wait for \(sender) to read them")
    }

    // MARK: What the bus holds

    private func decay(_ account: Account) {
        guard busTells == false else { return }
        let now = EventLoop.main.now
        let milliseconds = account.time.duration(to: now) / .milliseconds(1)
        guard milliseconds >= 1 else { return }
        account.time = now
        var rest = Int(min(milliseconds, 60_000)) * (Self.assumedPace / 1000)
        for (sender, size) in account.bySender where rest > 0 {
            let read = min(rest, size)
            rest -= read
            account.total -= read
            account.bySender[sender] = size == read ? nil : size - read
        }
    }

    /// Asks the bus what it holds for a user's connections, one question at a time.
    private func ask(about account: Account) {
        guard busTells != false, account.questions == 0, let connection else { return }
        let now = EventLoop.main.now
        guard account.new >= Self.untilAsked || account.time.duration(to: now) >= Self.pause else {
            return
        }
        account.time = now
        account.new = 0
        account.questions = account.bySender.count
        for (sender, size) in account.bySender {
            connection.callBus("GetConnectionStats", [sender], of: Self.interface) { result in
                account.questions -= 1
                self.take(result, about: sender, size, account)
            }
        }
    }

    private static let interface: InterfaceName = "org.freedesktop.DBus.Debug.Stats"
    private static let pause = Duration.milliseconds(500)
    /// What a bus answers that has no answer this time, but may have one the next.
    private static let passing = ["NoMemory", "LimitsExceeded", "NoReply", "Timeout"]

    private func take(
        _ result: Result<Message, DBusError>,
        about sender: String,
        _ size: Int,
        _ account: Account
    ) {
        var held = 0
        switch result {
        case .success(let reply):
            guard let answer = try? reply.read(VariantDictionary.self),
                let bytes = answer["OutgoingBytes"]?.decode(UInt32.self)
            else {
                busTells = false
                return
            }
            held = Int(bytes)
        case .failure(let error):
            // Of one that has left it holds nothing.
            guard error.isStandard("NameHasNoOwner") else {
                busTells = Self.passing.contains(where: error.isStandard) ? busTells : false
                return
            }
        }
        busTells = true
        // What was sent since the question may be among it, and may not.
        let read = max(0, size - held)
        account.total -= read
        let rest = (account.bySender[sender] ?? 0) - read
        account.bySender[sender] = rest > 0 ? rest : nil
    }

    /// What a user was sent and may not have read.
    @LoopActor
    final class Account {
        var total = 0
        var bySender: [String: Int] = [:]
        /// Sent since the bus was last asked.
        var new = 0
        var questions = 0
        var time = EventLoop.main.now
    }
}
