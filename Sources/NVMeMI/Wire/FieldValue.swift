/// A name of a decoded field with its value, in the order of the layout.
public typealias NamedValue = (name: String, value: FieldValue)

/// The value of a decoded field for people and programs that do not know the structure at compile time.
public enum FieldValue: Sendable {
    /// A number of at most 8 bits.
    case unsigned8(UInt8)
    /// A number of at most 16 bits.
    case unsigned16(UInt16)
    /// A number of at most 32 bits.
    case unsigned32(UInt32)
    /// A number of at most 64 bits.
    case unsigned64(UInt64)
    /// A number of at most 128 bits, all of them.
    case unsigned128(UInt128)
    /// A signed number; every temperature, in degrees Celsius.
    case signed16(Int16)
    /// A fraction, such as a power in watts.
    case fraction(Double)
    /// A yes or no.
    case boolean(Bool)
    /// Text without padding: printable, valid UTF-8 and free of NUL.
    case text(String)
    /// Bytes that have no meaning here.
    case bytes([UInt8])
    /// The names of the flags that are set.
    case names([String])
    /// Values of one kind.
    case list([FieldValue])
    /// Named values, in order.
    case dictionary([NamedValue])
}

extension FieldValue: Hashable {
    /// Equal kinds with equal values; dictionaries also in the same order.
    public static func == (left: FieldValue, right: FieldValue) -> Bool {
        switch (left, right) {
        case (.unsigned8(let left), .unsigned8(let right)): left == right
        case (.unsigned16(let left), .unsigned16(let right)): left == right
        case (.unsigned32(let left), .unsigned32(let right)): left == right
        case (.unsigned64(let left), .unsigned64(let right)): left == right
        case (.unsigned128(let left), .unsigned128(let right)): left == right
        case (.signed16(let left), .signed16(let right)): left == right
        case (.fraction(let left), .fraction(let right)): left == right
        case (.boolean(let left), .boolean(let right)): left == right
        case (.text(let left), .text(let right)): left == right
        case (.bytes(let left), .bytes(let right)): left == right
        case (.names(let left), .names(let right)): left == right
        case (.list(let left), .list(let right)): left == right
        case (.dictionary(let left), .dictionary(let right)):
            left.elementsEqual(right) { $0.name == $1.name && $0.value == $1.value }
        default: false
        }
    }

    /// Feeds the kind and the value.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .unsigned8(let value): hasher.combine(value)
        case .unsigned16(let value): hasher.combine(value)
        case .unsigned32(let value): hasher.combine(value)
        case .unsigned64(let value): hasher.combine(value)
        case .unsigned128(let value): hasher.combine(value)
        case .signed16(let value): hasher.combine(value)
        case .fraction(let value): hasher.combine(value)
        case .boolean(let value): hasher.combine(value)
        case .text(let value): hasher.combine(value)
        case .bytes(let value): hasher.combine(value)
        case .names(let value): hasher.combine(value)
        case .list(let value): hasher.combine(value)
        case .dictionary(let values):
            for (name, value) in values {
                hasher.combine(name)
                hasher.combine(value)
            }
        }
    }
}

extension [NamedValue] {
    /// The value with a name.
    public subscript(name: String) -> FieldValue? {
        first { $0.name == name }?.value
    }
}
