extension Field {
    /// Text of fixed size, padded with spaces.
    ///
    /// Reading drops padding on both sides and everything from a NUL on; a byte that is not printable ASCII becomes `?`.
    @inline(__always)
    public init(
        _ name: String,
        at offset: Int,
        ascii size: Int,
        _ property: any WritableKeyPath<Structure, String> & Sendable
    ) {
        self.init(name, at: offset, size, property, .ascii, .text)
    }

    /// Text of fixed size, padded with spaces; zeros on the wire, and not shown, when it is empty.
    @inline(__always)
    public init(
        _ name: String,
        at offset: Int,
        asciiOrZeros size: Int,
        _ property: any WritableKeyPath<Structure, String> & Sendable
    ) {
        self.init(name, at: offset, size, property, .asciiOrZeros, .nonEmptyText)
    }

    /// Text of fixed size in UTF-8 that ends with NUL unless it fills the field.
    ///
    /// Reading repairs wrong UTF-8 with replacement characters and drops control characters.
    @inline(__always)
    public init(
        _ name: String,
        at offset: Int,
        utf8 size: Int,
        _ property: any WritableKeyPath<Structure, String> & Sendable
    ) {
        self.init(name, at: offset, size, property, .utf8, .text)
    }

    /// Bytes of fixed number; the property gets exactly that many.
    ///
    /// Writing a shorter property leaves zeroes behind it, what is longer is cut.
    @inline(__always)
    public init(
        _ name: String,
        at offset: Int,
        bytes size: Int,
        _ property: any WritableKeyPath<Structure, [UInt8]> & Sendable,
        shown: Presentation<[UInt8]> = .bytes
    ) {
        self.init(name, at: offset, size, property, .bytes, shown.shown)
    }

    /// A row of 16-bit numbers; the property gets exactly `count` of them.
    ///
    /// Writing a shorter property leaves zeroes behind it, what is longer is cut.
    @inline(__always)
    public init(
        _ name: String,
        at offset: Int,
        count: Int,
        _ property: any WritableKeyPath<Structure, [UInt16]> & Sendable,
        shown: Presentation<[UInt16]> = .list
    ) {
        self.init(name, at: offset, 2 * count, property, .words, shown.shown)
    }

    @inline(__always)
    private init<Value>(
        _ name: String,
        at offset: Int,
        _ size: Int,
        _ property: any WritableKeyPath<Structure, Value> & Sendable,
        _ storage: FieldStorage,
        _ shown: Shown
    ) {
        entry = FieldEntry(
            name,
            firstBit: offset * 8,
            bitCount: size * 8,
            memory: MemoryLayout<Structure>.offset(of: property),
            storage: storage,
            shown: shown
        )
    }

    /// A row of structures; the property gets exactly `count` of them, or those in use.
    ///
    /// Writing a shorter property leaves zeroes behind it, what is longer is cut.
    ///
    /// - Parameters:
    ///   - name: The name of the field.
    ///   - offset: Its first byte.
    ///   - count: How many there is room for.
    ///   - inUse: How many have a meaning, by fields declared before; the others are not read.
    ///   - property: The property that holds them.
    ///   - shown: How they appear among the named values.
    @inline(never)
    public init<Element: WireStructure>(
        _ name: String,
        at offset: Int,
        structures count: Int,
        inUse: (@Sendable (Structure) -> Int)? = nil,
        _ property: any WritableKeyPath<Structure, [Element]> & Sendable,
        shown: Presentation<[Element]> = .structures
    ) {
        let layout = Element.layout
        entry = FieldEntry(
            name,
            firstBit: offset * 8,
            bitCount: layout.size * count * 8,
            memory: 0,
            storage: .code,
            shown: shown.shown,
            code: .structures(
                read: { (pointer, reader, start) throws(DecodingError) in
                    let structure = pointer.assumingMemoryBound(to: Structure.self)
                    let number = inUse.map { min(max($0(structure.pointee), 0), count) } ?? count
                    var elements: [Element] = []
                    elements.reserveCapacity(number)
                    for index in 0..<number {
                        var element = Element()
                        try layout.read(
                            into: &element,
                            from: reader,
                            at: start + index * layout.size
                        )
                        elements.append(element)
                    }
                    structure.pointee[keyPath: property] = elements
                },
                write: { pointer, writer, start in
                    let elements = pointer.structure(Structure.self)[keyPath: property]
                    for (index, element) in elements.prefix(count).enumerated() {
                        layout.write(element, into: &writer, at: start + index * layout.size)
                    }
                },
                show: { pointer in
                    let elements = pointer.structure(Structure.self)[keyPath: property]
                    return [(name, .list(elements.map { .dictionary(layout.namedValues(of: $0)) }))]
                }
            )
        )
    }

    /// A part that is there only under a condition on fields declared before it.
    ///
    /// Its values are shown as if they were the structure's own. The property is nil after reading when the condition
    /// does not hold.
    @inline(never)
    public init<Part: WireStructure>(
        part name: String,
        at offset: Int,
        _ property: any WritableKeyPath<Structure, Part?> & Sendable,
        when condition: @escaping @Sendable (Structure) -> Bool
    ) {
        let layout = Part.layout
        entry = FieldEntry(
            name,
            firstBit: offset * 8,
            bitCount: layout.size * 8,
            memory: 0,
            storage: .code,
            shown: .code,
            code: .structures(
                read: { (pointer, reader, start) throws(DecodingError) in
                    let structure = pointer.assumingMemoryBound(to: Structure.self)
                    guard condition(structure.pointee) else {
                        structure.pointee[keyPath: property] = nil
                        return
                    }
                    var part = Part()
                    try layout.read(into: &part, from: reader, at: start)
                    structure.pointee[keyPath: property] = part
                },
                write: { pointer, writer, start in
                    let structure = pointer.structure(Structure.self)
                    if condition(structure), let part = structure[keyPath: property] {
                        layout.write(part, into: &writer, at: start)
                    }
                },
                show: { pointer in
                    let structure = pointer.structure(Structure.self)
                    guard condition(structure), let part = structure[keyPath: property] else {
                        return []
                    }
                    return layout.namedValues(of: part)
                }
            )
        )
    }
}
