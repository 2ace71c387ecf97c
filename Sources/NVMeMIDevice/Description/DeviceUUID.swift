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

/// A hash that is the same in every process, unlike the standard library's.
enum StableHash {
    /// `count` bytes that depend on every byte of the text.
    static func bytes(_ count: Int, of text: String) -> [UInt8] {
        var result: [UInt8] = []
        var round: UInt64 = 0
        while result.count < count {
            // FNV-1a over the text, then a finaliser, because FNV alone leaves the identifiers of
            // "…1" and "…2" looking alike.
            var state: UInt64 = 0xCBF2_9CE4_8422_2325 ^ round
            for byte in text.utf8 {
                state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
            }
            state = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
            state = (state ^ state >> 27) &* 0x94D0_49BB_1331_11EB
            state ^= state >> 31
            for shift in stride(from: 0, to: 64, by: 8) where result.count < count {
                result.append(UInt8(truncatingIfNeeded: state >> UInt64(shift)))
            }
            round += 1
        }
        return result
    }
}
