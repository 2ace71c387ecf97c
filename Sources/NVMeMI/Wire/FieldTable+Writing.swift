extension FieldTable {
    /// Stores the fields into bytes that were written before, from `base` on.
    ///
    /// - Precondition: the whole structure lies within what was written.
    func write(_ structure: UnsafeRawPointer, into writer: inout ByteWriter, at base: Int) {
        writer.withBytes(from: base) { bytes in
            for entry in entries where entry.end <= bytes.count {
                entry.write(structure, into: bytes)
            }
        }
        for entry in refusable {
            if case .structures(_, let write, _)? = entry.code {
                write(structure, &writer, base + entry.firstByte)
            }
        }
    }
}

extension FieldEntry {
    fileprivate func write(_ structure: UnsafeRawPointer, into bytes: UnsafeMutableRawBufferPointer)
    {
        let property = structure + Int(memory)
        switch storage {
        case .unsigned8, .unsigned16, .unsigned32, .unsigned64, .unsigned128, .boolean:
            write(storage.load(from: property), into: bytes)
        case .constant: write(UInt128(parameter), into: bytes)
        case .ascii: write(property.structure(String.self), filledWith: 0x20, into: bytes)
        case .asciiOrZeros:
            let text = property.structure(String.self)
            if !text.isEmpty { write(text, filledWith: 0x20, into: bytes) }
        case .utf8: write(property.structure(String.self), filledWith: 0, into: bytes)
        case .bytes: write(property.structure([UInt8].self), into: bytes)
        case .words:
            var writer = ByteWriter(capacity: byteCount)
            for word in property.structure([UInt16].self) { writer.append(word) }
            write(writer.bytes, into: bytes)
        case .code:
            if case .accessor(let get, _)? = code { write(get(structure), into: bytes) }
        case .derived: break
        }
    }

    private func write(
        _ text: String,
        filledWith filler: UInt8,
        into bytes: UnsafeMutableRawBufferPointer
    ) {
        write(FixedText.padded(text, size: byteCount, with: filler), into: bytes)
    }

    /// Stores bytes at the beginning of the field; what does not fit is cut.
    private func write(_ value: [UInt8], into bytes: UnsafeMutableRawBufferPointer) {
        for (index, byte) in value.prefix(byteCount).enumerated() {
            bytes[firstByte + index] = byte
        }
    }

    /// Stores the low bits of a number, leaving the neighbouring bits alone.
    func write(_ number: UInt128, into bytes: UnsafeMutableRawBufferPointer) {
        let number = number & mask
        var shift = Int(firstBit) % 8
        for index in firstByte..<end {
            // Left of the field's first byte the value moves up, from then on down by whole bytes.
            let mask = UInt8(truncatingIfNeeded: mask << shift)
            bytes[index] = bytes[index] & ~mask | UInt8(truncatingIfNeeded: number << shift)
            shift -= 8
        }
    }
}
