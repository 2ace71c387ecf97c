internal import EventLoop

/// A user of the machine who has calls open or waiting, over all of its connections.
@LoopActor
final class User {
    /// Nil stands for all of whom the bus does not know who they are.
    let identifier: UInt32?
    /// Its connections that matter at present.
    var connections = 0
    /// Calls that are under way.
    var openCalls = 0
    /// Those of them that brought file descriptors.
    var callsWithFileDescriptors = 0
    /// Calls that wait for their turn, and the bytes they take.
    var waiting = WaitingCalls.Size()
    /// Connections with calls that wait, the next one first.
    var line = Queue<Caller>()
    /// What it was sent and may not have read.
    let unread = UnreadAnswers.Account()
    /// How much of the loop's time it has had; counts only beside that of others.
    var time = Duration.zero

    init(_ identifier: UInt32?) {
        self.identifier = identifier
    }

    var isRoot: Bool { identifier == 0 }

    var isUnused: Bool { connections == 0 && openCalls == 0 && waiting.count == 0 }

    /// The user in words.
    var name: String { identifier.map { "user \($0)" } ?? "an unknown user" }
}

/// The users who have calls open or waiting.
@LoopActor
final class Users {
    private var users: [UInt32?: User] = [:]

    nonisolated init() {}

    subscript(identifier: UInt32?) -> User {
        if let user = users[identifier] { return user }
        let user = User(identifier)
        users[identifier] = user
        return user
    }

    /// Lets go of a user who has nothing here, if there are many: what it has not read counts on.
    func forgetIfUnused(_ user: User) {
        if users.count > Self.maximumRemembered, user.isUnused { users[user.identifier] = nil }
    }

    /// More than a machine usually has.
    private static let maximumRemembered = 256

    func removeAll() { users = [:] }

    /// How much of a limit over all users may be taken when this one takes more: a part is kept for those who
    /// have nothing yet, and a part of that for root.
    static func share(of limit: Int, for user: User?, havingNone: Bool) -> Int {
        if user?.isRoot == true { return limit }
        return havingNone ? limit - limit / 16 : limit - limit / 8
    }
}
