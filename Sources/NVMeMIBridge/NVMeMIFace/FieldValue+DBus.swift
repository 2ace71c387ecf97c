import DBus
import NVMeMI

extension VariantDictionary {
    /// Decoded fields by name, in their order.
    init(_ fields: [NamedValue]) {
        self.init()
        for (name, value) in fields { self[name] = value.busValue }
    }
}

extension FieldValue {
    /// The value as the bus has it.
    ///
    /// D-Bus has no numbers of 128 bits: a counter that exceeds 64 is the largest number of 64
    /// bits, which no drive reaches; the raw structure has all of it.
    var busValue: Value {
        switch self {
        case .unsigned8(let number): .byte(number)
        case .unsigned16(let number): .uint16(number)
        case .unsigned32(let number): .uint32(number)
        case .unsigned64(let number): .uint64(number)
        case .unsigned128(let number): .uint64(UInt64(clamping: number))
        case .signed16(let number): .int16(number)
        case .fraction(let number): .double(number)
        case .boolean(let flag): .boolean(flag)
        case .text(let text): .string(text)
        case .bytes(let bytes): .bytes(bytes)
        case .names(let names): names.dbusValue
        case .dictionary(let fields): VariantDictionary(fields).dbusValue
        case .list(let elements): Self.array(of: elements.map(\.busValue))
        }
    }

    /// An array of values of one type; of variants when the types differ or there is no value to tell.
    private static func array(of values: [Value]) -> Value {
        if let signature = values.first?.signature,
            values.allSatisfy({ $0.signature == signature })
        {
            return .array(signature, values)
        }
        return .array(Variant.signature, values.map { .variant($0) })
    }
}

extension Value {
    /// The number, of whichever integer type it is; nil for anything else.
    var integer: Int128? {
        switch self {
        case .byte(let number): Int128(number)
        case .int16(let number): Int128(number)
        case .uint16(let number): Int128(number)
        case .int32(let number): Int128(number)
        case .uint32(let number): Int128(number)
        case .int64(let number): Int128(number)
        case .uint64(let number): Int128(number)
        case .variant(let value): value.integer
        default: nil
        }
    }

    /// The value as a person writes it, with its type.
    var text: String {
        switch self {
        case .string(let text): "'\(text)' (s)"
        case .boolean(let flag): "\(flag) (b)"
        case .double(let number): "\(number) (d)"
        case .variant(let value): value.text
        default: integer.map { "\($0) (\(signature))" } ?? "of type \(signature)"
        }
    }
}
