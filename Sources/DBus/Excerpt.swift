/// The beginning of what somebody else has sent, for error texts and logs, which must not grow with it.
///
///     throw DBusError.unknownProperty("there is no property \(Excerpt(name))")
public struct Excerpt: CustomStringConvertible, Sendable {
    /// Characters that are shown; the longest names of the bus, of 255 bytes, are shown in full.
    public static let maximumLength = 255

    /// The text, or its beginning and three dots.
    public let description: String

    /// Takes the beginning of a text.
    public init(_ text: String) {
        let beginning = text.unicodeScalars.prefix(Self.maximumLength)
        description =
            beginning.endIndex == text.endIndex
            ? text : String(String.UnicodeScalarView(beginning)) + "..."
    }
}
