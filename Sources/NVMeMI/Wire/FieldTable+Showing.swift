extension FieldTable {
    /// Calls `take` with the value of each field that is shown, in the order of declaration.
    func show(_ structure: UnsafeRawPointer, _ take: (String, FieldValue) -> Void) {
        entries.withUnsafeBufferPointer { entries in
            // By index: a copy of an entry costs more than most values.
            for index in entries.indices where entries[index].shown != .hidden {
                entries[index].show(structure, take)
            }
        }
    }
}

extension FieldEntry {
    fileprivate func show(_ structure: UnsafeRawPointer, _ take: (String, FieldValue) -> Void) {
        let property = structure + Int(memory)
        switch storage {
        case .unsigned8, .unsigned16, .unsigned32, .unsigned64, .unsigned128, .boolean:
            if case .show(let show)? = code {
                if let value = show(property) { take(name, value) }
            } else if let value = value(of: storage.load(from: property)) {
                take(name, value)
            }
        case .ascii, .asciiOrZeros, .utf8:
            let text = property.structure(String.self)
            if shown == .text || !text.isEmpty { take(name, .text(text)) }
        case .bytes:
            if let value = value(of: property.structure([UInt8].self)) { take(name, value) }
        case .words: show(property.structure([UInt16].self), take)
        case .derived:
            if case .show(let show)? = code, let value = show(structure) { take(name, value) }
        case .code:
            if case .structures(_, _, let show)? = code {
                for (name, value) in show(structure) { take(name, value) }
            }
        case .constant: break
        }
    }

    /// Bytes as their presentation has them; nil leaves them out.
    func value(of bytes: [UInt8]) -> FieldValue? {
        if shown != .bytes, bytes.allSatisfy({ $0 == 0 }) { return nil }
        return shown == .digits ? .text(NamespaceDescriptors.digits(bytes)) : .bytes(bytes)
    }

    private func show(_ words: [UInt16], _ take: (String, FieldValue) -> Void) {
        guard shown == .sensors else {
            return take(name, .list(words.map { .unsigned16($0) }))
        }
        for (index, kelvin) in words.enumerated() where kelvin != 0 {
            let celsius = Temperature(kelvin: kelvin).celsius
            take("TemperatureSensor\(index + 1)", .signed16(celsius))
        }
    }

    /// A number as its presentation has it; nil leaves it out.
    private func value(of number: UInt128) -> FieldValue? {
        value(of: number, type?.nature ?? .number)
    }

    /// A number of some nature as its presentation has it; nil leaves it out.
    func value(of number: UInt128, _ nature: @autoclosure () -> ScalarNature) -> FieldValue? {
        let low = UInt64(truncatingIfNeeded: number)
        switch shown {
        case .value: return nature().value(of: number, storage)
        case .number: return storage.value(number)
        case .nonZero: return number == 0 ? nil : nature().value(of: number, storage)
        case .except:
            return number == UInt128(parameter) ? nil : nature().value(of: number, storage)
        case .onePlus:
            // One more than the greatest value needs the next wider case.
            switch storage {
            case .unsigned8: return .unsigned16(UInt16(truncatingIfNeeded: low) + 1)
            case .unsigned16: return .unsigned32(UInt32(truncatingIfNeeded: low) + 1)
            default: return .unsigned64(UInt64(clamping: number).addingSaturated(1))
            }
        case .times:
            guard number != 0 else { return nil }
            let (product, isTooMuch) = UInt64(clamping: number)
                .multipliedReportingOverflow(by: UInt64(parameter))
            let result = isTooMuch ? UInt64.max : product
            return storage.byteCount <= 2 && parameter <= 0x1_0000
                ? .unsigned32(UInt32(clamping: result)) : .unsigned64(result)
        case .powerOfTwo: return low < 32 ? .unsigned32(1 << UInt32(truncatingIfNeeded: low)) : nil
        case .celsius:
            let kelvin = UInt16(truncatingIfNeeded: low)
            guard kelvin != 0, kelvin != .max else { return nil }
            return .signed16(Temperature(kelvin: kelvin).celsius)
        case .version:
            let version = NVMeVersion(rawValue: UInt32(truncatingIfNeeded: low))
            return low == 0 ? nil : .text(version.description)
        case .firmwareGranularity:
            switch low {
            case 0: return nil
            case 0xFF: return .unsigned32(4)
            default: return .unsigned32(UInt32(truncatingIfNeeded: low) * 4096)
            }
        default: return nil
        }
    }
}

extension FieldStorage {
    /// A number in the smallest case that holds every number of its size.
    func value(_ number: UInt128) -> FieldValue {
        switch self {
        case .unsigned8: .unsigned8(UInt8(truncatingIfNeeded: number))
        case .unsigned16: .unsigned16(UInt16(truncatingIfNeeded: number))
        case .unsigned32: .unsigned32(UInt32(truncatingIfNeeded: number))
        case .unsigned64: .unsigned64(UInt64(truncatingIfNeeded: number))
        case .boolean: .boolean(number != 0)
        default: .unsigned128(number)
        }
    }
}

extension UInt64 {
    fileprivate func addingSaturated(_ other: UInt64) -> UInt64 {
        let (sum, isTooMuch) = addingReportingOverflow(other)
        return isTooMuch ? .max : sum
    }
}
