/// One field of a `Record`: its name, its place, and what is in it.
public struct Item: Sendable {
    /// The name, the place when it is fixed, and how a number is shown.
    let entry: FieldEntry
    /// The names that a number has.
    let nature: ScalarNature
    /// What is no number, text or bytes of fixed size.
    let content: ItemContent?

    var name: String { entry.name }

    /// The name of the code among the values of an entry of a table.
    static let code = "Identifier"

    init(_ entry: FieldEntry, nature: ScalarNature = .number, content: ItemContent? = nil) {
        self.entry = entry
        self.nature = nature
        self.content = content
    }

    init(_ name: String, at offset: Int, size: Int, _ storage: FieldStorage, _ shown: Shown) {
        self.init(
            FieldEntry(
                name,
                firstBit: offset * 8,
                bitCount: size * 8,
                memory: 0,
                storage: storage,
                shown: shown
            )
        )
    }

    /// A number of whole bytes, at most 16.
    public init(_ name: String, at offset: Int, _ size: Int, _ form: NumberForm = .value) {
        self.init(name, at: offset, bits: 0...size * 8 - 1, form)
    }

    /// A number of some bits of the little-endian integer at an offset.
    public init(
        _ name: String,
        at offset: Int,
        bits: ClosedRange<Int>,
        _ form: NumberForm = .value
    ) {
        self.init(name, at: offset, bits: bits, form, .number)
    }

    /// A yes or no in one bit of the little-endian integer at an offset.
    public init(_ name: String, at offset: Int, bit: Int) {
        self.init(
            FieldEntry(
                name,
                firstBit: offset * 8 + bit,
                bitCount: 1,
                memory: 0,
                storage: .boolean,
                shown: .value
            )
        )
    }

    /// A code with names.
    public init(
        _ name: String,
        at offset: Int,
        bits: ClosedRange<Int> = 0...7,
        codes: KeyValuePairs<UInt8, String>
    ) {
        self.init(name, at: offset, bits: bits, .value, .codes(codes))
    }

    /// A code with the names of a type.
    public init(_ name: String, at offset: Int, bits: ClosedRange<Int>, of nature: ScalarNature) {
        self.init(name, at: offset, bits: bits, .value, nature)
    }

    /// A set of flags with names, of whole bytes.
    public init(_ name: String, at offset: Int, _ size: Int, flags: [(bit: Int, name: String)]) {
        self.init(name, at: offset, bits: 0...size * 8 - 1, .value, .flags(flags))
    }

    /// A set of flags with names, of some bits; the first of these is the flag 0.
    public init(
        _ name: String,
        at offset: Int,
        bits: ClosedRange<Int>,
        flags: [(bit: Int, name: String)]
    ) {
        self.init(name, at: offset, bits: bits, .value, .flags(flags))
    }

    private init(
        _ name: String,
        at offset: Int,
        bits: ClosedRange<Int>,
        _ form: NumberForm,
        _ nature: ScalarNature
    ) {
        let bitCount = bits.upperBound - bits.lowerBound + 1
        self.init(
            FieldEntry(
                name,
                firstBit: offset * 8 + bits.lowerBound,
                bitCount: bitCount,
                memory: 0,
                storage: FieldStorage(bitCount: bitCount),
                shown: form.shown,
                parameter: form.parameter
            ),
            nature: nature
        )
    }

    /// Text of fixed size in ASCII, filled with spaces or zeros.
    public init(_ name: String, at offset: Int, ascii size: Int) {
        self.init(name, at: offset, size: size, .ascii, .nonEmptyText)
    }

    /// Text of fixed size in UTF-8 that ends with NUL unless it fills the field.
    public init(_ name: String, at offset: Int, utf8 size: Int) {
        self.init(name, at: offset, size: size, .utf8, .nonEmptyText)
    }

    /// Bytes of fixed number; left out when all are zero.
    public init(_ name: String, at offset: Int, bytes size: Int) {
        self.init(name, at: offset, size: size, .bytes, .nonZeroBytes)
    }

    /// An identifier as hexadecimal digits; left out when all are zero.
    public init(_ name: String, at offset: Int, digits size: Int) {
        self.init(name, at: offset, size: size, .bytes, .digits)
    }

    /// Numbers of `size` bytes each.
    public init(_ name: String, at offset: Int, numbers size: Int, _ count: ItemCount) {
        self.init(name, at: offset, .numbers(size: size, count))
    }

    /// Bytes whose number is told elsewhere, or all that are left; left out when there are none.
    ///
    /// Bytes of other things before them, behind `offset`, are counted by `shift`.
    public init(
        _ name: String,
        at offset: Int,
        bytes count: ItemCount,
        shift: ItemCount = .fixed(0)
    ) {
        self.init(name, at: offset, .bytes(count, shift: shift))
    }

    /// Text in UTF-8 whose length in bytes is told elsewhere, or all that is left.
    public init(_ name: String, at offset: Int, text count: ItemCount) {
        self.init(name, at: offset, .text(count))
    }

    /// Structures of one size, one behind the other.
    ///
    /// - Parameters:
    ///   - name: The name of the list.
    ///   - offset: Where the first begins.
    ///   - rows: What each is.
    ///   - count: How many there are.
    ///   - filter: Whether one is in use; all are unless it says otherwise.
    public init(
        _ name: String,
        at offset: Int,
        rows: Record,
        _ count: ItemCount,
        where filter: (@Sendable (RecordView) -> Bool)? = nil
    ) {
        self.init(name, at: offset, .rows(rows, count, filter: filter, stride: nil))
    }

    /// Structures, one behind the other, of which each may be longer than its declaration.
    ///
    /// - Parameters:
    ///   - name: The name of the list.
    ///   - offset: Where the first begins.
    ///   - rows: What each is.
    ///   - count: How many there are.
    ///   - stride: Bytes of one, by what there is from its beginning to the end, and by the whole.
    public init(
        _ name: String,
        at offset: Int,
        rows: Record,
        _ count: ItemCount,
        stride: @escaping @Sendable (_ row: RecordView, _ whole: RecordView) -> Int
    ) {
        self.init(name, at: offset, .rows(rows, count, filter: nil, stride: stride))
    }

    /// A table of what there is, with a place for every code: entries whose bit 0 is set are shown with their code, and the
    /// name of it.
    public init(
        _ name: String,
        at offset: Int,
        table row: Record,
        _ count: Int,
        names: @escaping @Sendable (UInt8) -> String?
    ) {
        self.init(name, at: offset, .table(row, count, names: names))
    }

    /// A structure within, which depends on what is before it; left out when there is none.
    ///
    /// Bytes of other things before it, behind `offset`, are counted by `shift`.
    public init(
        _ name: String,
        at offset: Int,
        shift: ItemCount = .fixed(0),
        variant: @escaping @Sendable (RecordView) -> Record?
    ) {
        self.init(name, at: offset, .variant(shift: shift, variant))
    }

    /// A value that follows from others and occupies no bytes; left out when it is nil.
    public init(derived name: String, _ value: @escaping @Sendable (RecordView) -> FieldValue?) {
        self.init(name, at: 0, .derived(value))
    }

    private init(_ name: String, at offset: Int, _ content: ItemContent) {
        self.init(
            FieldEntry(
                name,
                firstBit: offset * 8,
                bitCount: 0,
                memory: 0,
                storage: .derived,
                shown: .code
            ),
            content: content
        )
    }
}

/// What is in a field of a `Record` besides a number, text or bytes of fixed size.
indirect enum ItemContent: Sendable {
    case numbers(size: Int, ItemCount)
    case bytes(ItemCount, shift: ItemCount)
    case text(ItemCount)
    case rows(
        Record,
        ItemCount,
        filter: (@Sendable (RecordView) -> Bool)?,
        stride: (@Sendable (RecordView, RecordView) -> Int)?
    )
    case table(Record, Int, names: @Sendable (UInt8) -> String?)
    case variant(shift: ItemCount, @Sendable (RecordView) -> Record?)
    case derived(@Sendable (RecordView) -> FieldValue?)
}

extension FieldStorage {
    /// The storage of a number with some bits.
    init(bitCount: Int) {
        switch bitCount {
        case ...8: self = .unsigned8
        case ...16: self = .unsigned16
        case ...32: self = .unsigned32
        case ...64: self = .unsigned64
        default: self = .unsigned128
        }
    }
}
