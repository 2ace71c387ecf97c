extension Field {
    /// Text of fixed size, padded with spaces.
    ///
    /// Reading drops padding on both sides and everything from a NUL on; a byte that is not printable ASCII becomes `?`.
    @inline(never)
    @_semantics("optimize.sil.specialize.generic.never")
    public init(
        _ name: String,
        at offset: Int,
        ascii size: Int,
        _ property: any WritableKeyPath<Structure, String> & Sendable
    ) {
        self.init(
            text: name,
            at: offset,
            size: size,
            property,
            decode: FixedText.ascii,
            encode: { FixedText.padded($0, size: size, with: 0x20) }
        )
    }

    /// Text of fixed size in UTF-8 that ends with NUL unless it fills the field.
    ///
    /// Reading repairs wrong UTF-8 with replacement characters and drops control characters.
    @inline(never)
    @_semantics("optimize.sil.specialize.generic.never")
    public init(
        _ name: String,
        at offset: Int,
        utf8 size: Int,
        _ property: any WritableKeyPath<Structure, String> & Sendable
    ) {
        self.init(
            text: name,
            at: offset,
            size: size,
            property,
            decode: FixedText.utf8,
            encode: { FixedText.padded($0, size: size, with: 0) }
        )
    }

    @inline(never)
    @_semantics("optimize.sil.specialize.generic.never")
    private init(
        text name: String,
        at offset: Int,
        size: Int,
        _ property: any WritableKeyPath<Structure, String> & Sendable,
        decode: @escaping @Sendable ([UInt8]) -> String,
        encode: @escaping @Sendable (String) -> [UInt8]
    ) {
        self.init(
            FieldDescription(name: name, offset: offset, size: size),
            read: { (structure, reader, base) throws(DecodingError) in
                structure[keyPath: property] = decode(
                    try reader.bytes(at: base + offset, count: size, name)
                )
            },
            write: { structure, writer, base in
                writer.replace(at: base + offset, with: encode(structure[keyPath: property]))
            },
            values: { [(name, .text($0[keyPath: property]))] }
        )
    }

    /// Bytes of fixed number; the property gets exactly that many.
    ///
    /// Writing a shorter property leaves zeroes behind it, what is longer is cut.
    @inline(never)
    @_semantics("optimize.sil.specialize.generic.never")
    public init(
        _ name: String,
        at offset: Int,
        bytes size: Int,
        _ property: any WritableKeyPath<Structure, [UInt8]> & Sendable,
        shown: Presentation<[UInt8]> = .bytes
    ) {
        self.init(
            FieldDescription(name: name, offset: offset, size: size),
            read: { (structure, reader, base) throws(DecodingError) in
                structure[keyPath: property] = try reader.bytes(
                    at: base + offset,
                    count: size,
                    name
                )
            },
            write: { structure, writer, base in
                writer.replace(
                    at: base + offset,
                    with: structure[keyPath: property].prefix(size)
                )
            },
            values: { shown.values(name, $0[keyPath: property]) }
        )
    }

    /// A row of integers, enumerations or flags; the property gets exactly `count` of them.
    ///
    /// Writing a shorter property leaves zeroes behind it, what is longer is cut.
    @inline(never)
    @_semantics("optimize.sil.specialize.generic.never")
    public init<Element: WireScalar>(
        _ name: String,
        at offset: Int,
        count: Int,
        _ property: any WritableKeyPath<Structure, [Element]> & Sendable,
        shown: Presentation<[Element]> = .list
    ) {
        let stride = (Element.wireBitCount + 7) / 8
        let place = { @Sendable (index: Int, base: Int) in
            BitPosition(byte: base + offset + index * stride, bits: 0...stride * 8 - 1)
        }
        self.init(
            FieldDescription(name: name, offset: offset, size: stride * count),
            read: { (structure, reader, base) throws(DecodingError) in
                var elements: [Element] = []
                for index in 0..<count {
                    elements.append(Element(wireBits: try reader.bits(place(index, base), name)))
                }
                structure[keyPath: property] = elements
            },
            write: { structure, writer, base in
                for (index, element) in structure[keyPath: property].prefix(count).enumerated() {
                    writer.replace(place(index, base), with: element.wireBits)
                }
            },
            values: { shown.values(name, $0[keyPath: property]) }
        )
    }

    /// A row of structures; the property gets exactly `count` of them.
    ///
    /// Writing a shorter property leaves zeroes behind it, what is longer is cut.
    @inline(never)
    @_semantics("optimize.sil.specialize.generic.never")
    public init<Element: WireStructure>(
        _ name: String,
        at offset: Int,
        structures count: Int,
        _ property: any WritableKeyPath<Structure, [Element]> & Sendable,
        shown: Presentation<[Element]> = .structures
    ) {
        let layout = Element.layout
        self.init(
            FieldDescription(name: name, offset: offset, size: layout.size * count),
            read: { (structure, reader, base) throws(DecodingError) in
                var elements: [Element] = []
                for index in 0..<count {
                    var element = Element()
                    try layout.read(
                        into: &element,
                        from: reader,
                        at: base + offset + index * layout.size
                    )
                    elements.append(element)
                }
                structure[keyPath: property] = elements
            },
            write: { structure, writer, base in
                for (index, element) in structure[keyPath: property].prefix(count).enumerated() {
                    layout.write(element, into: &writer, at: base + offset + index * layout.size)
                }
            },
            values: { shown.values(name, $0[keyPath: property]) }
        )
    }

    /// A part that is there only under a condition on fields declared before it; its values are shown as if they were the structure's own.
    ///
    /// The property is nil after reading when the condition does not hold.
    @inline(never)
    @_semantics("optimize.sil.specialize.generic.never")
    public init<Part: WireStructure>(
        part name: String,
        at offset: Int,
        _ property: any WritableKeyPath<Structure, Part?> & Sendable,
        when condition: @escaping @Sendable (Structure) -> Bool
    ) {
        let layout = Part.layout
        self.init(
            FieldDescription(name: name, offset: offset, size: layout.size),
            read: { (structure, reader, base) throws(DecodingError) in
                guard condition(structure) else {
                    structure[keyPath: property] = nil
                    return
                }
                var part = Part()
                try layout.read(into: &part, from: reader, at: base + offset)
                structure[keyPath: property] = part
            },
            write: { structure, writer, base in
                if condition(structure), let part = structure[keyPath: property] {
                    layout.write(part, into: &writer, at: base + offset)
                }
            },
            values: { structure in
                condition(structure)
                    ? structure[keyPath: property].map(layout.namedValues(of:)) ?? [] : []
            }
        )
    }
}
