/// A universally unique identifier in the byte order of RFC 4122, most significant byte first.
///
/// MCTP's Get Endpoint UUID, a namespace's UUID descriptor and the NQN of a subsystem use this
/// order.
public struct DeviceUUID: Sendable, Hashable, CustomStringConvertible {
    /// The sixteen bytes.
    public let bytes: [UInt8]

    /// Takes sixteen bytes; `nil` for any other number.
    ///
    /// - Parameter bytes: The identifier, most significant byte first.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// Reads the 8-4-4-4-12 form; `nil` when the text is not of that form.
    ///
    /// - Parameter text: Thirty-two hexadecimal digits, with or without the four hyphens.
    public init?(_ text: String) {
        guard let bytes = TextValue.bytes(text, ignoring: "-"), bytes.count == 16 else {
            return nil
        }
        self.bytes = bytes
    }

    /// Derives an identifier from a name, the same one every time.
    ///
    /// A simulated drive keeps its identity over restarts without being told one. The version
    /// field says 8 (custom), because this is not the hash that version 5 asks for.
    ///
    /// - Parameter name: Whatever tells this thing from its siblings.
    public init(derivedFrom name: String) {
        var bytes = StableHash.bytes(16, of: name)
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        self.bytes = bytes
    }

    /// The 8-4-4-4-12 form in lower case.
    public var description: String {
        var text = ""
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text += "-" }
            text += TextValue.hexadecimal(byte)
        }
        return text
    }
}
