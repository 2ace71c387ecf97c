extension Record {
    /// The most elements of lists in what is decoded.
    ///
    /// A drive may send many small ones, of which each costs a hundred times its bytes as a value with names. Of what is
    /// larger the bytes are to be had.
    public static let maximumElements = 16_384

    /// Decodes the structure from bytes, of which there may be more.
    ///
    /// - Throws: `DecodingError` when there are fewer than `minimum`.
    public func decode(_ data: [UInt8]) throws(DecodingError) -> DecodedData {
        let reader = ByteReader(data, subject: name)
        if data.count < minimum {
            let missing = items.first { $0.entry.end > data.count }
            throw reader.lack(
                missing?.entry.byteCount ?? minimum,
                at: missing?.entry.firstByte ?? 0,
                missing?.name ?? "end of structure"
            )
        }
        return decodePrefix(data)
    }

    /// Decodes those fields that lie within the bytes.
    func decodePrefix(_ data: [UInt8]) -> DecodedData {
        var scan = RecordScan()
        let values = scan.values(of: self, RecordView(ByteReader(data, subject: name)))
        return DecodedData(values, leftOut: scan.leftOut)
    }
}

/// A record that is being decoded, with those within it.
private struct RecordScan {
    var leftOut: [DecodingError] = []
    private var elements = 0

    /// The values of the fields that lie within the bytes.
    mutating func values(of record: Record, _ view: RecordView) -> [NamedValue] {
        var values: [NamedValue] = []
        values.reserveCapacity(record.items.count)
        for item in record.items {
            if let content = item.content {
                if let value = self.value(of: item, content, view) {
                    values.append((item.name, value))
                }
            } else if item.entry.end <= view.count, let value = item.value(in: view) {
                values.append((item.name, value))
            }
        }
        return values
    }

    private mutating func value(
        of item: Item,
        _ content: ItemContent,
        _ view: RecordView
    ) -> FieldValue? {
        let offset = item.entry.firstByte
        switch content {
        case .derived(let value): return value(view)
        case .bytes(let count, let shift):
            let bytes = view.bytes(at: offset.adding(view.resolve(shift)), view.resolve(count))
            return bytes.isEmpty ? nil : .bytes(bytes)
        case .text(let count):
            return view.bytes(at: offset, view.resolve(count)).withUnsafeBytes {
                .text(FixedText.utf8($0))
            }
        case .numbers(let size, let count): return numbers(size, count, item, view)
        case .rows(let record, let count, let filter, let stride):
            return rows(record, count, item, view, filter: filter, stride: stride)
        case .table(let record, let count, let names):
            return table(record, count, item, view, names)
        case .variant(let shift, let variant):
            guard let record = variant(view) else { return nil }
            let part = view.part(at: offset.adding(view.resolve(shift)))
            if part.count < record.minimum { return nil }
            return .dictionary(values(of: record, part))
        }
    }

    private mutating func numbers(
        _ size: Int,
        _ count: ItemCount,
        _ item: Item,
        _ view: RecordView
    ) -> FieldValue {
        let storage = FieldStorage(bitCount: size * 8)
        let start = item.entry.firstByte
        let room = max(0, view.count - start) / size
        var number = self.number(count, room: room, item, view)
        if case .untilZero = count {
            number = (0..<number).first { view.number(at: start + $0 * size, size) == 0 } ?? number
        }
        // Without names an element costs less.
        elements += number / 8
        return .list(
            (0..<number).map { storage.value(UInt128(view.number(at: start + $0 * size, size))) }
        )
    }

    private mutating func rows(
        _ record: Record,
        _ count: ItemCount,
        _ item: Item,
        _ view: RecordView,
        filter: (@Sendable (RecordView) -> Bool)?,
        stride: (@Sendable (RecordView, RecordView) -> Int)?
    ) -> FieldValue {
        let start = item.entry.firstByte
        let room = max(0, view.count - start) / max(record.size, 1)
        let number = self.number(count, room: room, item, view)
        var result: [FieldValue] = []
        var place = start
        for index in 0..<number {
            let rest = view.part(at: place)
            let length = stride.map { $0(rest, view) } ?? record.size
            if rest.count < record.size || length < max(record.size, 1) || length > rest.count {
                // An end within an element; what is filled up to the end of a list that tells no number is none.
                if case .toEnd = count, stride == nil || rest.bytes(at: 0).allSatisfy({ $0 == 0 }) {
                    break
                }
                note("\(item.name) \(index)", rest, byteCount(max(record.size, length)))
                break
            }
            let row = view.part(at: place, length)
            if filter?(row) ?? true {
                elements += 1
                result.append(.dictionary(values(of: record, row)))
            }
            place += length
        }
        return .list(result)
    }

    private mutating func table(
        _ record: Record,
        _ count: Int,
        _ item: Item,
        _ view: RecordView,
        _ names: @Sendable (UInt8) -> String?
    ) -> FieldValue {
        let start = item.entry.firstByte
        var result: [FieldValue] = []
        for index in 0..<min(count, max(0, view.count - start) / record.size) {
            let row = view.part(at: start + index * record.size, record.size)
            guard row.number(at: 0, 1) & 1 != 0 else { continue }
            let code = UInt8(truncatingIfNeeded: index)
            var values: [NamedValue] = [(Item.code, .unsigned8(code))]
            if let name = names(code) { values.append(("Name", .text(name))) }
            result.append(.dictionary(values + self.values(of: record, row)))
        }
        return .list(result)
    }

    /// How many elements are looked at.
    private mutating func number(
        _ count: ItemCount,
        room: Int,
        _ item: Item,
        _ view: RecordView
    ) -> Int {
        let wanted = view.resolve(count)
        if wanted > room, case .told = count {
            note(item.name, view.part(at: item.entry.firstByte), "\(wanted) elements")
        }
        let number = min(wanted, room)
        let allowed = max(0, Record.maximumElements - elements)
        if number > allowed {
            note(item.name, view, "at most \(Record.maximumElements) elements", "\(number)")
        }
        return min(number, allowed)
    }

    /// Remembers what was left out, unless there is a lot already.
    private mutating func note(
        _ field: String,
        _ view: RecordView,
        _ expected: String,
        _ got: String? = nil
    ) {
        guard leftOut.count < 16 else { return }
        leftOut.append(
            view.reader.oddity(
                field,
                offset: view.base,
                expected: expected,
                got: got ?? "\(byteCount(view.count)) before the end"
            )
        )
    }
}

extension Item {
    /// The value of a field of fixed place, which lies within the bytes; nil leaves it out.
    fileprivate func value(in view: RecordView) -> FieldValue? {
        if entry.storage.isNumber || entry.storage == .boolean {
            let number = view.reader.withBytes(from: view.base) {
                $0.bits(entry.firstBit, entry.bitCount)
            }
            return entry.value(of: number, nature)
        }
        let bytes = view.bytes(at: entry.firstByte, entry.byteCount)
        switch entry.storage {
        case .ascii: return text(bytes.withUnsafeBytes { FixedText.ascii($0) })
        case .utf8: return text(bytes.withUnsafeBytes { FixedText.utf8($0) })
        default: return entry.value(of: bytes)
        }
    }

    private func text(_ text: String) -> FieldValue? { text.isEmpty ? nil : .text(text) }
}

extension Int {
    /// The sum, or the greatest number when it is greater.
    fileprivate func adding(_ other: Int) -> Int {
        let (sum, isTooMuch) = addingReportingOverflow(other)
        return isTooMuch ? .max : sum
    }
}
