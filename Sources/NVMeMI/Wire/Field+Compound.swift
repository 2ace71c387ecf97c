extension Field {
    /// Text of fixed size, padded with spaces.
    ///
    /// Reading drops padding on both sides and everything from a NUL on; a byte that is not printable ASCII becomes `?`.
    @inline(never)
    public convenience init(
        _ name: String,
        at offset: Int,
        ascii size: Int,
        _ property: any WritableKeyPath<Structure, String> & Sendable
    ) {
        self.init(
            FieldDescription(name: name, offset: offset, size: size),
            .bytes(
                get: { FixedText.padded($0[keyPath: property], size: size, with: 0x20) },
                set: { $0[keyPath: property] = FixedText.ascii($1) },
                show: { [($0, .text($1[keyPath: property]))] }
            )
        )
    }

    /// Text of fixed size in UTF-8 that ends with NUL unless it fills the field.
    ///
    /// Reading repairs wrong UTF-8 with replacement characters and drops control characters.
    @inline(never)
    public convenience init(
        _ name: String,
        at offset: Int,
        utf8 size: Int,
        _ property: any WritableKeyPath<Structure, String> & Sendable
    ) {
        self.init(
            FieldDescription(name: name, offset: offset, size: size),
            .bytes(
                get: { FixedText.padded($0[keyPath: property], size: size, with: 0) },
                set: { $0[keyPath: property] = FixedText.utf8($1) },
                show: { [($0, .text($1[keyPath: property]))] }
            )
        )
    }

    /// Bytes of fixed number; the property gets exactly that many.
    ///
    /// Writing a shorter property leaves zeroes behind it, what is longer is cut.
    @inline(never)
    public convenience init(
        _ name: String,
        at offset: Int,
        bytes size: Int,
        _ property: any WritableKeyPath<Structure, [UInt8]> & Sendable,
        shown: Presentation<[UInt8]> = .bytes
    ) {
        self.init(
            FieldDescription(name: name, offset: offset, size: size),
            .bytes(
                get: { $0[keyPath: property] },
                set: { $0[keyPath: property] = $1 },
                show: { shown.values($0, $1[keyPath: property]) }
            )
        )
    }

    /// A row of 16-bit numbers; the property gets exactly `count` of them.
    ///
    /// Writing a shorter property leaves zeroes behind it, what is longer is cut.
    @inline(never)
    public convenience init(
        _ name: String,
        at offset: Int,
        count: Int,
        _ property: any WritableKeyPath<Structure, [UInt16]> & Sendable,
        shown: Presentation<[UInt16]> = .list
    ) {
        self.init(
            FieldDescription(name: name, offset: offset, size: 2 * count),
            .bytes(
                get: { structure in
                    var writer = ByteWriter(capacity: 2 * count)
                    for element in structure[keyPath: property] { writer.append(element) }
                    return writer.bytes
                },
                set: { structure, bytes in
                    // Two bytes each, of which there are as many as the size says.
                    structure[keyPath: property] = stride(from: 1, to: bytes.count, by: 2).map {
                        UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 - 1])
                    }
                },
                show: { shown.values($0, $1[keyPath: property]) }
            )
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
    public convenience init<Element: WireStructure>(
        _ name: String,
        at offset: Int,
        structures count: Int,
        inUse: (@Sendable (Structure) -> Int)? = nil,
        _ property: any WritableKeyPath<Structure, [Element]> & Sendable,
        shown: Presentation<[Element]> = .structures
    ) {
        let layout = Element.layout
        self.init(
            FieldDescription(name: name, offset: offset, size: layout.size * count),
            .structures(
                read: { (structure, reader, start) throws(DecodingError) in
                    let number = inUse.map { min(max($0(structure), 0), count) } ?? count
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
                    structure[keyPath: property] = elements
                },
                write: { structure, writer, start in
                    let elements = structure[keyPath: property].prefix(count)
                    for (index, element) in elements.enumerated() {
                        layout.write(element, into: &writer, at: start + index * layout.size)
                    }
                },
                show: { shown.values($0, $1[keyPath: property]) }
            )
        )
    }

    /// A part that is there only under a condition on fields declared before it.
    ///
    /// Its values are shown as if they were the structure's own. The property is nil after reading when the condition
    /// does not hold.
    @inline(never)
    public convenience init<Part: WireStructure>(
        part name: String,
        at offset: Int,
        _ property: any WritableKeyPath<Structure, Part?> & Sendable,
        when condition: @escaping @Sendable (Structure) -> Bool
    ) {
        let layout = Part.layout
        self.init(
            FieldDescription(name: name, offset: offset, size: layout.size),
            .structures(
                read: { (structure, reader, start) throws(DecodingError) in
                    guard condition(structure) else {
                        structure[keyPath: property] = nil
                        return
                    }
                    var part = Part()
                    try layout.read(into: &part, from: reader, at: start)
                    structure[keyPath: property] = part
                },
                write: { structure, writer, start in
                    if condition(structure), let part = structure[keyPath: property] {
                        layout.write(part, into: &writer, at: start)
                    }
                },
                show: { _, structure in
                    condition(structure)
                        ? structure[keyPath: property].map(layout.namedValues(of:)) ?? [] : []
                }
            )
        )
    }
}
