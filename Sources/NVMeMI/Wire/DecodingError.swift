/// Bytes that do not form what they should: which thing, which field of it, where, what was expected and what was there.
public struct DecodingError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was being decoded, such as `SMART / Health Information`.
    public let subject: String

    /// The field that could not be read, as it is named in the layout or declaration.
    public let field: String

    /// Offset in bytes of the field from the first byte of the subject.
    ///
    /// For a whole message that is the offset from its type byte.
    public let offset: Int

    /// What would have been right, in words and numbers.
    public let expected: String

    /// What was there, in words and numbers.
    public let got: String

    /// Describes bytes that cannot be decoded.
    public init(subject: String, field: String, offset: Int, expected: String, got: String) {
        self.subject = subject
        self.field = field
        self.offset = offset
        self.expected = expected
        self.got = got
    }

    /// One sentence with all five parts.
    public var description: String {
        "\(subject): \(field) at byte \(offset): expected \(expected), got \(got)"
    }
}
