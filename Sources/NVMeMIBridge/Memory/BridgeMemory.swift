import EventLoop

/// What the bridge knows from before it was started, and the way to keep it for the next time: the file, if there
/// is one, is the program's.
public struct BridgeMemory: Sendable {
    /// Bytes that are kept at most.
    public static let sizeLimit = 1 << 19

    let text: String
    let keep: (@LoopActor @Sendable (String) async throws -> Void)?

    /// A memory of its parts.
    ///
    /// - Parameters:
    ///   - text: What was kept; empty where that is nothing, or could not be read. It is not trusted.
    ///   - keep: Keeps a text instead, wholly or not at all; nil where nothing is to be kept.
    public init(
        text: String = "",
        keep: (@LoopActor @Sendable (String) async throws -> Void)? = nil
    ) {
        self.text = text
        self.keep = keep
    }
}
