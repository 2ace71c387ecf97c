/// A type signature: zero or more complete types, such as `s` or `a{sv}u`.
public struct Signature: Hashable, Sendable {
    /// The signature as text.
    public let string: String

    /// Checks and keeps a signature.
    ///
    /// - Parameter string: The signature as text; may be empty.
    /// - Throws: `InvalidSignature` when the text breaks a rule of the type system.
    public init(_ string: String) throws(DBusError) {
        guard SignatureGrammar.isValid(string) else {
            throw .invalidSignature("\"\(string)\" is not a valid type signature")
        }
        self.string = string
    }

    /// For signatures put together from valid parts, or checked by libdbus.
    init(unchecked string: String) {
        self.string = string
    }
}

extension Signature {
    /// The signature of no values at all.
    public static let empty = Signature(unchecked: "")

    /// The complete types, one by one.
    public var completeTypes: [Signature] {
        var types: [Signature] = []
        let bytes = Array(string.utf8)
        var start = 0
        while start < bytes.count {
            guard let end = SignatureGrammar.endOfCompleteType(bytes, from: start) else { break }
            types.append(Signature(unchecked: String(decoding: bytes[start..<end], as: UTF8.self)))
            start = end
        }
        return types
    }

    /// Whether this is exactly one complete type.
    public var isCompleteType: Bool {
        let bytes = Array(string.utf8)
        return SignatureGrammar.endOfCompleteType(bytes, from: 0) == bytes.count
    }

    /// The signature of an array.
    ///
    /// - Parameter element: The type of its elements: one complete type.
    /// - Returns: `a` and the type.
    public static func array(of element: Signature) -> Signature {
        Signature(unchecked: "a" + element.string)
    }

    static func dictionary(key: Signature, value: Signature) -> Signature {
        Signature(unchecked: "a{" + key.string + value.string + "}")
    }
}

extension Signature: ExpressibleByStringLiteral {
    /// A signature written in source; an invalid one is a programmer's mistake and traps.
    public init(stringLiteral string: String) {
        precondition(
            SignatureGrammar.isValid(string),
            "\"\(string)\" is not a valid type signature"
        )
        self.string = string
    }
}

extension Signature: CustomStringConvertible {
    /// The signature as text.
    public var description: String { string }
}
