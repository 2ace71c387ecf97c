extension FieldTable {
    /// Sets the fields of a structure from the bytes at `base`.
    ///
    /// Bytes beyond the size are left alone; too few are an error that names the first field without its bytes.
    func read(
        into structure: UnsafeMutableRawPointer,
        from reader: ByteReader,
        at base: Int
    ) throws(DecodingError) {
        if reader.count - base < size { throw lack(of: reader, at: base) }
        readNumbers(into: structure, from: reader, at: base)
        try readRest(into: structure, from: reader, at: base)
    }

    /// Sets those fields of a structure that lie within the bytes, and leaves the others as they are.
    func readPrefix(
        into structure: UnsafeMutableRawPointer,
        from reader: ByteReader
    ) throws(DecodingError) {
        readNumbers(into: structure, from: reader, at: 0)
        try readRest(into: structure, from: reader, at: 0)
    }

    /// Reads all fields that lie within the bytes and cannot be refused.
    private func readNumbers(
        into structure: UnsafeMutableRawPointer,
        from reader: ByteReader,
        at base: Int
    ) {
        reader.withBytes(from: base) { bytes in
            entries.withUnsafeBufferPointer { entries in
                // By index: an entry that is copied costs more than most numbers that it tells to read.
                for index in entries.indices where entries[index].end <= bytes.count {
                    let storage = entries[index].storage
                    let property = structure + Int(entries[index].memory)
                    let first = entries[index].firstByte
                    switch storage {
                    case .unsigned8 where entries[index].isWhole:
                        property.storeBytes(of: bytes[first], as: UInt8.self)
                    case .unsigned16 where entries[index].isWhole:
                        let number = bytes.loadUnaligned(fromByteOffset: first, as: UInt16.self)
                        property.storeBytes(of: UInt16(littleEndian: number), as: UInt16.self)
                    case .unsigned32 where entries[index].isWhole:
                        let number = bytes.loadUnaligned(fromByteOffset: first, as: UInt32.self)
                        property.storeBytes(of: UInt32(littleEndian: number), as: UInt32.self)
                    case .unsigned8, .unsigned16, .unsigned32, .unsigned64, .unsigned128, .boolean:
                        storage.store(
                            bytes.bits(entries[index].firstBit, entries[index].bitCount),
                            to: property
                        )
                    case .constant, .derived: break
                    default: entries[index].readValue(into: structure, from: bytes)
                    }
                }
            }
        }
    }

    /// Reads what may be refused, after what it may depend on.
    private func readRest(
        into structure: UnsafeMutableRawPointer,
        from reader: ByteReader,
        at base: Int
    ) throws(DecodingError) {
        for entry in refusable where base + entry.end <= reader.count {
            if case .structures(let read, _, _)? = entry.code {
                try read(structure, reader, base + entry.firstByte)
            } else if entry.storage == .constant {
                try reader.require(entry, at: base)
            }
        }
    }

    /// The error of too few bytes: the first field that lacks some, else the end of the structure.
    private func lack(of reader: ByteReader, at base: Int) -> DecodingError {
        for entry in entries where base + entry.end > reader.count {
            return reader.lack(entry.byteCount, at: base + entry.firstByte, entry.name)
        }
        return reader.oddity(
            "end of structure",
            offset: base + size,
            expected: NVMeMI.byteCount(size),
            got: NVMeMI.byteCount(max(0, reader.count - base))
        )
    }
}

extension FieldEntry {
    /// Reads what is no number.
    fileprivate func readValue(
        into structure: UnsafeMutableRawPointer,
        from bytes: UnsafeRawBufferPointer
    ) {
        let property = structure + Int(memory)
        let field = UnsafeRawBufferPointer(rebasing: bytes[firstByte..<end])
        switch storage {
        case .ascii, .asciiOrZeros:
            property.assumingMemoryBound(to: String.self).pointee = FixedText.ascii(field)
        case .utf8:
            property.assumingMemoryBound(to: String.self).pointee = FixedText.utf8(field)
        case .bytes:
            property.assumingMemoryBound(to: [UInt8].self).pointee = Array(field)
        case .words:
            property.assumingMemoryBound(to: [UInt16].self)
                .pointee  // Two bytes each, of which there are as many as the size says.
            = stride(from: 1, to: field.count, by: 2).map {
                UInt16(field[$0]) << 8 | UInt16(field[$0 - 1])
            }
        default:
            if case .accessor(_, let set)? = code { set(structure, bytes.bits(firstBit, bitCount)) }
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Up to 128 bits counted little-endian from bit 0 of the first byte.
    func bits(_ firstBit: UInt16, _ bitCount: UInt16, skipping bytes: Int = 0) -> UInt128 {
        let first = bytes + Int(firstBit) / 8
        let shift = Int(firstBit) % 8
        let end = first + (shift + Int(bitCount) + 7) / 8
        // Nearly every field lies within eight bytes, and processors have 64 bits.
        if end - first <= 8 {
            var value: UInt64 = 0
            for index in (first..<end).reversed() { value = value &<< 8 | UInt64(self[index]) }
            let mask: UInt64 = bitCount >= 64 ? .max : (1 &<< UInt64(bitCount)) &- 1
            return UInt128(value &>> UInt64(shift) & mask)
        }
        var value: UInt128 = 0
        for index in first..<end {
            // A smart shift: the first byte moves right by the bits before the field, later ones left.
            value |= UInt128(self[index]) << ((index - first) * 8 - shift)
        }
        return value & (bitCount >= 128 ? .max : (1 &<< UInt128(bitCount)) &- 1)
    }
}

extension ByteReader {
    /// Refuses bits of another value than a constant field has.
    fileprivate func require(_ entry: FieldEntry, at base: Int) throws(DecodingError) {
        let got = withBytes(from: base) { $0.bits(entry.firstBit, entry.bitCount) }
        if got != UInt128(entry.parameter) {
            throw oddity(
                entry.name,
                offset: base + entry.firstByte,
                expected: "\(entry.parameter)",
                got: "\(got)"
            )
        }
    }
}
