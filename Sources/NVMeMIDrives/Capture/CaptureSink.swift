public import EventLoop

/// Where captured data goes.
@LoopActor
public protocol CaptureSink: AnyObject, Sendable {
    /// Takes all of the bytes, however long that takes.
    ///
    /// - Throws: `DriveError` that says why it does not.
    func write(_ bytes: [UInt8]) async throws(DriveError)

    /// Forgets all that it has taken, so that it can be written anew.
    ///
    /// - Returns: False when that cannot be, as what was written to a pipe is gone.
    func rewind() -> Bool
}
