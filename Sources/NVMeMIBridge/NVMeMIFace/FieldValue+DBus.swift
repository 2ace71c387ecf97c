import DBus
import NVMeMI

extension VariantDictionary {
    /// Decoded fields by name, in their order.
    init(_ fields: [NamedValue]) {
        self.init()
        for (name, value) in fields { add(name, value) }
    }

    /// Adds a decoded field, and its exact value where that does not fit.
    mutating func add(_ name: String, _ value: FieldValue) {
        self[name] = value.busValue
        if let exact = value.exactText { self["\(name)Exact"] = .string(exact) }
    }
}

extension FieldValue {
    /// The value as the bus has it.
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
        case .list(let elements):
            if let type = Self.commonSignature(of: elements) {
                .array(type, elements.map(\.busValue))
            } else {
                .array(Variant.signature, elements.map { .variant($0.busValue) })
            }
        }
    }

    /// The type of the value on the bus.
    ///
    /// D-Bus has no numbers of 128 bits: a counter that exceeds 64 is the largest number of 64 bits, and
    /// `exactText` has all of it.
    var signature: Signature {
        switch self {
        case .unsigned8: UInt8.signature
        case .unsigned16: UInt16.signature
        case .unsigned32: UInt32.signature
        case .unsigned64, .unsigned128: UInt64.signature
        case .signed16: Int16.signature
        case .fraction: Double.signature
        case .boolean: Bool.signature
        case .text: String.signature
        case .bytes: [UInt8].signature
        case .names: [String].signature
        case .dictionary: VariantDictionary.signature
        case .list(let elements):
            .array(of: Self.commonSignature(of: elements) ?? Variant.signature)
        }
    }

    /// A number in decimal that is too large for the value on the bus; nil for all others.
    var exactText: String? {
        guard case .unsigned128(let number) = self, number > UInt128(UInt64.max) else { return nil }
        return "\(number)"
    }

    /// Appends the value as `signature` says.
    func append(to writer: inout MessageWriter) throws(DBusError) {
        switch self {
        case .unsigned8(let number): try number.append(to: &writer)
        case .unsigned16(let number): try number.append(to: &writer)
        case .unsigned32(let number): try number.append(to: &writer)
        case .unsigned64(let number): try number.append(to: &writer)
        case .unsigned128(let number): try UInt64(clamping: number).append(to: &writer)
        case .signed16(let number): try number.append(to: &writer)
        case .fraction(let number): try number.append(to: &writer)
        case .boolean(let flag): try flag.append(to: &writer)
        case .text(let text): try text.append(to: &writer)
        case .bytes(let bytes): try bytes.append(to: &writer)
        case .names(let names): try names.append(to: &writer)
        case .dictionary(let fields):
            try writer.variantDictionary { (entries) throws(DBusError) in
                for (name, value) in fields { try entries.entry(name, value) }
            }
        case .list(let elements): try Self.append(elements, to: &writer)
        }
    }

    private static func append(
        _ elements: [FieldValue],
        to writer: inout MessageWriter
    ) throws(DBusError) {
        let type = commonSignature(of: elements)
        try writer.array(of: type ?? Variant.signature) { (inner) throws(DBusError) in
            for element in elements {
                if type != nil {
                    try element.append(to: &inner)
                } else {
                    try inner.variant(of: element.signature) { (variant) throws(DBusError) in
                        try element.append(to: &variant)
                    }
                }
            }
        }
    }

    /// The type that values have in common; nil when types differ or there is no value to tell.
    private static func commonSignature(of values: [FieldValue]) -> Signature? {
        guard let signature = values.first?.signature,
            values.allSatisfy({ $0.signature == signature })
        else { return nil }
        return signature
    }
}

extension MessageWriter {
    /// Appends a decoded field to the dictionary, and its exact value where that does not fit.
    mutating func entry(_ name: String, _ value: FieldValue) throws(DBusError) {
        try entry(name, of: value.signature) { (inner) throws(DBusError) in
            try value.append(to: &inner)
        }
        guard let exact = value.exactText else { return }
        try entry("\(name)Exact", of: String.signature) { (inner) throws(DBusError) in
            try exact.append(to: &inner)
        }
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
