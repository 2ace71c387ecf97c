internal import EventLoop

/// Somebody who has calls open, had some until lately, or called last.
@LoopActor
final class Caller {
    /// The unique name.
    let name: String
    /// Who it is, when the bus has said so.
    var credentials: Credentials?
    /// Whose connection it is, when the bus has said so.
    var user: User?
    /// Whether the bus has been asked who it is.
    var isAskedFor = false
    /// Calls that wait for their turn, in the order in which they came.
    var waiting = Queue<WaitingCall>()
    var openCalls = 0
    /// Those of them that want an answer.
    var awaitedCalls = 0
    /// Whether it waited for answers when it was looked last, and all the time since.
    var wasBusy = false
    /// When it waited for no answer any more; kept up only while it is watched.
    var idleSince = MonotonicInstant.distantFuture
    var watch: Subscription?
    /// Whether it is known to be gone.
    var hasLeft = false

    var isWatched: Bool { watch != nil }

    init(_ name: String) {
        self.name = name
    }
}
