/// Something that is called before the loop sleeps.
@LoopActor
public final class SleepHook {
    private var body: (@LoopActor () -> Bool)?

    init(_ body: @escaping @LoopActor () -> Bool) {
        self.body = body
    }

    /// Whether the hook has been taken back.
    public var isCancelled: Bool { body == nil }

    /// Takes the hook back; it is not called again.
    public func cancel() {
        body = nil
    }

    func run() -> Bool {
        body?() ?? false
    }
}
