/// A line of a description file that cannot be used.
public struct DescriptionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Number of the line, from 1.
    public let line: Int
    /// What is wrong with it.
    public let reason: String

    /// The line and the reason.
    public var description: String { "line \(line): \(reason)" }
}
