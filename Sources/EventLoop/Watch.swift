/// A file descriptor that the loop looks after.
///
/// The loop keeps the watch until ``cancel()``; cancel before closing the descriptor. There may be several
/// watches of one descriptor; each has its own interest and handler. Readiness is a level, not an edge: a
/// handler that does not take what is there is called again.
@LoopActor
public final class Watch {
    /// The descriptor, which stays the property of the caller.
    public let descriptor: Int32
    /// What is waited for; may change at any time.
    ///
    /// Nothing is reported, not even errors, while it is empty.
    public var interest: Interest {
        didSet { owner?.update(self) }
    }
    /// Where it is in the set; kept by the set.
    var position: Int
    /// Let go of with the watch: handlers often hold the objects that hold the watch.
    private var handler: (@LoopActor (Readiness) -> Void)?
    private var owner: WatchSet?

    init(
        descriptor: Int32,
        interest: Interest,
        set: WatchSet,
        position: Int,
        handler: @escaping @LoopActor (Readiness) -> Void
    ) {
        self.descriptor = descriptor
        self.interest = interest
        owner = set
        self.position = position
        self.handler = handler
    }

    /// Whether the watch has been taken back.
    public var isCancelled: Bool { owner == nil }

    /// Takes the watch back; its handler is not called again.
    public func cancel() {
        owner?.remove(self)
        owner = nil
        handler = nil
    }

    func deliver(_ readiness: Readiness) {
        guard let handler, !interest.isEmpty else { return }
        if readiness.contains(.invalidDescriptor) { cancel() }
        handler(readiness)
    }
}
