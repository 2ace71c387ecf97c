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

extension DecodingError {
    /// The number of a list that was read last is not greater than the one before, so that the list ends there.
    static func notAscending<Number: FixedWidthInteger>(
        in reader: ByteReader,
        _ index: Int,
        after last: Number,
        got: Number
    ) -> DecodingError {
        reader.oddity(
            "identifier \(index)",
            offset: reader.position - Number.bitWidth / 8,
            expected: "more than \(last)",
            got: "\(got)"
        )
    }

    /// A list's bytes end before the list does.
    static func cutShort(in reader: ByteReader, _ index: Int) -> DecodingError {
        reader.oddity(
            "identifier \(index)",
            offset: reader.position,
            expected: "an identifier or the 0 that ends the list",
            got: "\(reader.remaining) bytes"
        )
    }
}
