/// A value of an answer, free of the bus: what tables and JSON are made from.
indirect enum Datum: Equatable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case unsigned(UInt64)
    case real(Double)
    case text(String)
    case bytes([UInt8])
    case list([Datum])
    case dictionary([Entry])

    /// One key of a dictionary; the order in which they came is kept.
    struct Entry: Equatable, Sendable {
        var key: String
        var value: Datum

        init(_ key: String, _ value: Datum) {
            self.key = key
            self.value = value
        }
    }

    /// The value of a key of a dictionary; nil when this is no dictionary or has no such key.
    subscript(key: String) -> Datum? {
        guard case .dictionary(let entries) = self else { return nil }
        return entries.first { $0.key == key }?.value
    }

    /// The dictionary without an entry.
    func without(_ key: String) -> Datum {
        guard case .dictionary(let entries) = self else { return self }
        return .dictionary(entries.filter { $0.key != key })
    }

    /// The number this is, of whatever type; nil for anything else.
    var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .unsigned(let value): Double(value)
        case .real(let value): value
        default: nil
        }
    }

    /// The text this is, unless it is empty or something else.
    var nonEmptyText: String? {
        guard case .text(let text) = self, !text.isEmpty else { return nil }
        return text
    }
}
