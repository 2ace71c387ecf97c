/// A value of any D-Bus type, for where the type is known only at run time.
///
/// An array of bytes is always `bytes`; reading never makes an `array` of `byte`.
public enum Value: Hashable, Sendable {
    case byte(UInt8)
    case boolean(Bool)
    case int16(Int16)
    case uint16(UInt16)
    case int32(Int32)
    case uint32(UInt32)
    case int64(Int64)
    case uint64(UInt64)
    case double(Double)
    case string(String)
    case objectPath(ObjectPath)
    case signature(Signature)
    case fileDescriptor(FileDescriptorHandle)
    case bytes([UInt8])
    /// An array; the signature is that of one element, so that an empty array has a type as well.
    case array(Signature, [Value])
    case dictionary(ValueDictionary)
    case structure([Value])
    indirect case variant(Value)
}

/// The entries of a dictionary whose types are known only at run time, in the order of the message.
public struct ValueDictionary: Hashable, Sendable {
    /// One entry of the dictionary.
    public struct Entry: Hashable, Sendable {
        /// The key, of a basic type.
        public var key: Value
        /// The value.
        public var value: Value

        /// Makes an entry.
        public init(key: Value, value: Value) {
            self.key = key
            self.value = value
        }
    }

    /// The type of all keys: a basic type.
    public var keySignature: Signature
    /// The type of all values: one complete type.
    public var valueSignature: Signature
    /// The entries in their order.
    public var entries: [Entry]

    /// Makes a dictionary; types are checked when it is sent.
    public init(keySignature: Signature, valueSignature: Signature, entries: [Entry]) {
        self.keySignature = keySignature
        self.valueSignature = valueSignature
        self.entries = entries
    }
}

extension Value {
    /// The signature of this value: one complete type.
    ///
    /// Put together without a check: a structure without members, which D-Bus does not have, gives
    /// a text that is not a signature. Sending checks.
    public var signature: Signature {
        switch self {
        case .byte: UInt8.signature
        case .boolean: Bool.signature
        case .int16: Int16.signature
        case .uint16: UInt16.signature
        case .int32: Int32.signature
        case .uint32: UInt32.signature
        case .int64: Int64.signature
        case .uint64: UInt64.signature
        case .double: Double.signature
        case .string: String.signature
        case .objectPath: ObjectPath.signature
        case .signature: Signature.signature
        case .fileDescriptor: FileDescriptorHandle.signature
        case .bytes: [UInt8].signature
        case .array(let element, _): .array(of: element)
        case .dictionary(let dictionary):
            .dictionary(key: dictionary.keySignature, value: dictionary.valueSignature)
        case .structure(let members):
            Signature(unchecked: "(" + members.map(\.signature.string).joined() + ")")
        case .variant: Variant.signature
        }
    }

    /// Whether its type cannot be wrong, as that of a container can whose parts somebody has put together.
    var hasCertainType: Bool {
        switch self {
        case .array, .dictionary, .structure: false
        default: true
        }
    }

    /// The value as a Swift type, if it has exactly the D-Bus type of it.
    ///
    ///     dictionary["EID"]?.decode(UInt8.self)
    ///
    /// - Parameter type: The Swift type.
    /// - Returns: The value; nil when it is of another type.
    public func decode<T: DBusType>(_ type: T.Type) -> T? { T.decode(self) }
}
