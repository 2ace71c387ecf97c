extension Record {
    /// The bytes of values; fields without a value are zero, or what they are in `bytes`.
    ///
    /// Counts that the structure has of its lists are those of the lists. Values that follow from others are left alone.
    ///
    /// - Parameters:
    ///   - values: The values by name, in any order.
    ///   - bytes: What is changed.
    /// - Returns: The bytes, at least as many as the structure has without its lists.
    /// - Throws: `ArgumentError` for a name that is not declared, and a value that the field cannot have.
    public func encode(
        _ values: [NamedValue],
        over bytes: [UInt8] = []
    ) throws(ArgumentError) -> [UInt8] {
        try check(values)
        var result = bytes + Array(repeating: 0, count: max(0, size - bytes.count))
        if bytes.isEmpty { writeAbsent(into: &result) }
        // What others depend on is written before them.
        for item in items where !item.isDerived {
            guard let value = values[item.name] else { continue }
            do throws(ValueError) {
                try item.write(value, into: &result)
            } catch {
                throw ArgumentError(
                    command: self.name,
                    field: ([item.name] + error.path).joined(separator: "."),
                    expected: error.expected,
                    got: error.got
                )
            }
        }
        return result
    }

    /// Refuses names that are not declared.
    private func check(_ values: [NamedValue]) throws(ArgumentError) {
        for (name, _) in values where !items.contains(where: { $0.name == name }) {
            throw ArgumentError(
                command: self.name,
                field: name,
                expected: "one of "
                    + items.filter { !$0.isDerived }.map(\.name).joined(separator: ", "),
                got: "no such field"
            )
        }
    }

    /// Stores the numbers that stand for what is not reported.
    private func writeAbsent(into bytes: inout [UInt8]) {
        bytes.withUnsafeMutableBytes { bytes in
            for item in items where item.entry.shown == .except {
                item.entry.write(UInt128(item.entry.parameter), into: bytes)
            }
        }
    }
}

/// A value that a field cannot have.
private struct ValueError: Error {
    var path: [String] = []
    let expected: String
    let got: String
}

extension Item {
    /// True for a value that follows from others.
    var isDerived: Bool {
        if case .derived? = content { true } else { false }
    }

    fileprivate func write(_ value: FieldValue, into bytes: inout [UInt8]) throws(ValueError) {
        let offset = entry.firstByte
        switch content {
        case nil: try writeFixed(value, into: &bytes)
        case .derived: break
        case .numbers(let size, let count):
            let numbers = try list(value)
            var encoded: [UInt8] = []
            for number in numbers {
                guard let number = number.number else { throw mismatch("numbers", number) }
                encoded += number.littleEndian(size)
            }
            bytes.replace(at: offset, with: encoded)
            try tell(numbers.count, count, in: &bytes)
        case .bytes(let count, let shift):
            guard let content = value.byteString else { throw mismatch("bytes", value) }
            let start = offset + RecordView(bytes).resolve(shift)
            // Shorter than what was there before, it is not completed with the end of that.
            let room = if case .toEnd = count { max(0, bytes.count - start) } else { 0 }
            let rest = Array<UInt8>(repeating: 0, count: max(0, room - content.count))
            bytes.replace(at: start, with: content + rest)
            try tell(content.count, count, in: &bytes)
        case .text(let count):
            guard case .text(let text) = value else { throw mismatch("text", value) }
            bytes.replace(at: offset, with: Array(text.utf8))
            try tell(text.utf8.count, count, in: &bytes)
        case .rows(let record, let count, _, _):
            let rows = try list(value)
            var encoded: [UInt8] = []
            for (index, row) in rows.enumerated() {
                encoded += try dictionary(row, record, "\(index)")
            }
            bytes.replace(at: offset, with: encoded)
            try tell(rows.count, count, in: &bytes)
        case .table(let record, let count, _):
            for (index, row) in try list(value).enumerated() {
                guard case .dictionary(let values) = row, let code = values[Item.code]?.number,
                    code < UInt128(count)
                else { throw mismatch("an \(Item.code) below \(count)", row) }
                var encoded = try dictionary(
                    .dictionary(values.filter { $0.name != Item.code && $0.name != "Name" }),
                    record,
                    "\(index)"
                )
                encoded[0] |= 1
                bytes.replace(at: offset + Int(code) * record.size, with: encoded)
            }
        case .variant(let shift, let variant):
            guard let record = variant(RecordView(bytes)) else {
                throw mismatch("nothing, as the fields before it are", value)
            }
            bytes.replace(
                at: offset + RecordView(bytes).resolve(shift),
                with: try dictionary(value, record)
            )
        }
    }

    private func list(_ value: FieldValue) throws(ValueError) -> [FieldValue] {
        guard case .list(let elements) = value else { throw mismatch("a list", value) }
        return elements
    }

    private func dictionary(
        _ value: FieldValue,
        _ record: Record,
        _ path: String...
    ) throws(ValueError) -> [UInt8] {
        guard case .dictionary(let values) = value else { throw mismatch("values by name", value) }
        do throws(ArgumentError) {
            return try record.encode(values)
        } catch {
            throw ValueError(path: path + [error.field], expected: error.expected, got: error.got)
        }
    }

    /// Stores how many elements there are where the structure tells it.
    private func tell(
        _ number: Int,
        _ count: ItemCount,
        in bytes: inout [UInt8]
    ) throws(ValueError) {
        switch count {
        case .toEnd, .untilZero, .sum: break
        case .fixed(let room):
            if number > room {
                throw ValueError(expected: "at most \(room) elements", got: "\(number)")
            }
        case .told(let count):
            let told = number / count.times - count.plus
            guard told >= 0, number <= count.limit,
                count.size >= 8 || UInt64(told) >> UInt64(count.size * 8) == 0
            else { throw ValueError(expected: "another number of elements", got: "\(number)") }
            // What stands for none stays.
            if number == 0, let none = count.none,
                RecordView(bytes).number(at: count.offset, count.size) == none
            {
                break
            }
            bytes.replace(at: count.offset, with: UInt128(told).littleEndian(count.size))
        }
    }

    private func writeFixed(_ value: FieldValue, into bytes: inout [UInt8]) throws(ValueError) {
        switch entry.storage {
        case .ascii, .utf8:
            guard case .text(let text) = value else { throw mismatch("text", value) }
            guard text.utf8.count <= entry.byteCount else {
                throw mismatch("at most \(byteCount(entry.byteCount))", value)
            }
            let filler: UInt8 = entry.storage == .ascii ? 0x20 : 0
            bytes.replace(
                at: entry.firstByte,
                with: FixedText.padded(text, size: entry.byteCount, with: filler)
            )
        case .bytes:
            guard let content = value.byteString, content.count <= entry.byteCount else {
                throw mismatch("at most \(byteCount(entry.byteCount))", value)
            }
            let rest = Array<UInt8>(repeating: 0, count: entry.byteCount - content.count)
            bytes.replace(at: entry.firstByte, with: content + rest)
        default:
            let number = try self.number(value)
            guard number & ~entry.mask == 0 else {
                throw mismatch("at most \(entry.mask)", value)
            }
            bytes.withUnsafeMutableBytes { entry.write(number, into: $0) }
        }
    }

    /// The number on the wire of a value as it is shown.
    private func number(_ value: FieldValue) throws(ValueError) -> UInt128 {
        switch (nature, value) {
        case (.codes(let names), .text(let text)):
            guard let code = names.first(where: { $0.value == text })?.key ?? unknownCode(text)
            else {
                throw mismatch("one of " + names.map(\.value).joined(separator: ", "), value)
            }
            return UInt128(code)
        case (.flags(let names), .names(let set)):
            var bits: UInt128 = 0
            for name in set {
                guard let bit = names.first(where: { $0.name == name })?.bit else {
                    throw mismatch("some of " + names.map(\.name).joined(separator: ", "), value)
                }
                bits |= 1 << UInt128(bit)
            }
            return bits
        default: return try shownNumber(value)
        }
    }

    /// The code of a text such as `Unknown (0Ah)`, as which codes without a name are shown.
    private func unknownCode(_ text: String) -> UInt8? {
        guard text.hasPrefix("Unknown ("), text.hasSuffix("h)") else { return nil }
        return UInt8(text.dropFirst(9).dropLast(2), radix: 16)
    }

    private func shownNumber(_ value: FieldValue) throws(ValueError) -> UInt128 {
        if entry.shown == .version, case .text(let text) = value {
            let parts = text.split(separator: ".").map { UInt16($0) ?? .max }
            guard parts.count == 3, parts[1] < 256, parts[2] < 256 else {
                throw mismatch("a version of three parts", value)
            }
            return UInt128(parts[0]) << 16 | UInt128(parts[1]) << 8 | UInt128(parts[2])
        }
        if entry.shown == .celsius {
            guard let celsius = value.celsius, let kelvin = UInt16(exactly: Int(celsius) + 273)
            else { throw mismatch("degrees Celsius above absolute zero", value) }
            return UInt128(kelvin)
        }
        guard let number = value.number else { throw mismatch("a number", value) }
        switch entry.shown {
        case .onePlus:
            guard number > 0 else { throw mismatch("at least 1", value) }
            return number - 1
        case .times:
            guard entry.parameter > 0, number % UInt128(entry.parameter) == 0 else {
                throw mismatch("a multiple of \(entry.parameter)", value)
            }
            return number / UInt128(entry.parameter)
        case .powerOfTwo:
            guard number.nonzeroBitCount == 1 else { throw mismatch("a power of two", value) }
            return UInt128(number.trailingZeroBitCount)
        default: return number
        }
    }

    private func mismatch(_ expected: String, _ value: FieldValue) -> ValueError {
        ValueError(expected: expected, got: value.summary)
    }
}

extension FieldValue {
    /// The number that the value is, nil when it is none or negative.
    var number: UInt128? {
        switch self {
        case .unsigned8(let number): UInt128(number)
        case .unsigned16(let number): UInt128(number)
        case .unsigned32(let number): UInt128(number)
        case .unsigned64(let number): UInt128(number)
        case .unsigned128(let number): number
        case .signed16(let number): UInt128(exactly: number)
        case .boolean(let isTrue): isTrue ? 1 : 0
        default: nil
        }
    }

    /// A temperature in degrees Celsius.
    fileprivate var celsius: Int16? {
        if case .signed16(let number) = self { return number }
        return number.flatMap { Int16(exactly: $0) }
    }

    /// Bytes, or those that hexadecimal digits stand for.
    fileprivate var byteString: [UInt8]? {
        switch self {
        case .bytes(let bytes): return bytes
        case .text(let text):
            let digits = text.filter { $0 != "-" }.map { $0.hexDigitValue }
            guard digits.count % 2 == 0, !digits.contains(nil) else { return nil }
            return stride(from: 1, to: digits.count, by: 2).map {
                UInt8(truncatingIfNeeded: (digits[$0 - 1] ?? 0) << 4 | (digits[$0] ?? 0))
            }
        default: return nil
        }
    }

    /// The value in a few words.
    fileprivate var summary: String {
        if let number { return "\(number)" }
        return switch self {
        case .signed16(let number): "\(number)"
        case .fraction(let number): "\(number)"
        case .text(let text): "\"\(text)\""
        case .bytes(let bytes): byteCount(bytes.count)
        case .names(let names): names.joined(separator: ", ")
        case .list(let elements): "a list of \(elements.count)"
        default: "values by name"
        }
    }
}

extension UInt128 {
    fileprivate func littleEndian(_ size: Int) -> [UInt8] {
        (0..<size).map { UInt8(truncatingIfNeeded: self >> UInt128($0 * 8)) }
    }
}

extension [UInt8] {
    /// Stores bytes at an offset; what is behind the end is appended, with zeros in between.
    fileprivate mutating func replace(at offset: Int, with content: [UInt8]) {
        if count < offset + content.count {
            self += repeatElement(0, count: offset + content.count - count)
        }
        for (index, byte) in content.enumerated() { self[offset + index] = byte }
    }
}
