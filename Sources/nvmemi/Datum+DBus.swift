import DBus

extension Datum {
    /// A value as it came from the bus; what is only bus plumbing (variants, structures) is taken off.
    init(_ value: Value) {
        switch value {
        case .byte(let number): self = .unsigned(UInt64(number))
        case .uint16(let number): self = .unsigned(UInt64(number))
        case .uint32(let number): self = .unsigned(UInt64(number))
        case .uint64(let number): self = .unsigned(number)
        case .int16(let number): self = .integer(Int64(number))
        case .int32(let number): self = .integer(Int64(number))
        case .int64(let number): self = .integer(number)
        case .double(let number): self = .real(number)
        case .boolean(let truth): self = .boolean(truth)
        case .string(let text): self = .text(text)
        case .objectPath(let path): self = .text(path.string)
        case .signature(let signature): self = .text(signature.string)
        case .fileDescriptor: self = .null
        case .bytes(let bytes): self = .bytes(bytes)
        case .array(_, let elements), .structure(let elements):
            self = .list(elements.map(Datum.init))
        case .dictionary(let dictionary):
            self = .dictionary(
                dictionary.entries.map { .init(Quantity.plain(Datum($0.key)), Datum($0.value)) }
            )
        case .variant(let inner): self.init(inner)
        }
    }

    /// An answer with named values, in the daemon's order.
    init(_ dictionary: VariantDictionary) { self = .dictionary(Datum.entries(dictionary)) }

    static func entries(_ dictionary: VariantDictionary) -> [Entry] {
        dictionary.map { Entry($0.key, Datum($0.value)) }
    }
}

extension Value {
    /// What a person wrote, as a value of the same type as this one.
    ///
    /// What does not read as that type stays text: the daemon knows the words that a setting takes
    /// besides numbers, and says so when it does not.
    func parsed(_ text: String) -> Value {
        switch self {
        case .byte: UInt8(scaled: text).map(Value.byte) ?? .string(text)
        case .uint16: UInt16(scaled: text).map(Value.uint16) ?? .string(text)
        case .uint32: UInt32(scaled: text).map(Value.uint32) ?? .string(text)
        case .uint64: UInt64(scaled: text).map(Value.uint64) ?? .string(text)
        case .int16: Int16(text).map(Value.int16) ?? .string(text)
        case .int32: Int32(text).map(Value.int32) ?? .string(text)
        case .int64: Int64(text).map(Value.int64) ?? .string(text)
        case .double: Double(text).map(Value.double) ?? .string(text)
        case .boolean:
            switch text.lowercased() {
            case "true", "yes", "on", "1": .boolean(true)
            case "false", "no", "off", "0": .boolean(false)
            default: .string(text)
            }
        case .array(let element, _) where element == String.signature:
            .array(
                element,
                text.split(separator: ",").map { .string(String($0)) }
            )
        default: .string(text)
        }
    }
}
