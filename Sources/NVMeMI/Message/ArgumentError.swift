/// A command that cannot be sent as it is: a value that does not fit its field or breaks a rule of the wire.
public struct ArgumentError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Name of the command.
    public let command: String

    /// The field, as it is named in the declaration.
    public let field: String

    /// What is allowed, in words and numbers.
    public let expected: String

    /// What was given.
    public let got: String

    /// Describes a value that cannot be sent.
    public init(command: String, field: String, expected: String, got: String) {
        self.command = command
        self.field = field
        self.expected = expected
        self.got = got
    }

    /// One sentence with all four parts.
    public var description: String { "\(command): \(field): expected \(expected), got \(got)" }
}
