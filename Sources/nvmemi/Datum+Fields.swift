import NVMeMI

extension Datum {
    /// A decoded field.
    init(_ value: FieldValue) {
        switch value {
        case .unsigned8(let number): self = .unsigned(UInt64(number))
        case .unsigned16(let number): self = .unsigned(UInt64(number))
        case .unsigned32(let number): self = .unsigned(UInt64(number))
        case .unsigned64(let number): self = .unsigned(number)
        case .unsigned128(let number):
            self = UInt64(exactly: number).map(Datum.unsigned) ?? .text("\(number)")
        case .signed16(let number): self = .integer(Int64(number))
        case .fraction(let number): self = .real(number)
        case .boolean(let truth): self = .boolean(truth)
        case .text(let text): self = .text(text)
        case .bytes(let bytes): self = .bytes(bytes)
        case .names(let names): self = .list(names.map(Datum.text))
        case .list(let values): self = .list(values.map { Datum($0) })
        case .dictionary(let values): self.init(values)
        }
    }

    /// Decoded fields in their order.
    init(_ values: [NamedValue]) {
        self = .dictionary(values.map { Entry($0.name, Datum($0.value)) })
    }
}
