extension Value {
    /// Reads the next value of a message, whatever its type.
    init(from reader: inout MessageReader) throws(DBusError) {
        guard let type = reader.next else { throw .invalidArgs("a value is missing") }
        switch type {
        case .byte: self = .byte(try .read(from: &reader))
        case .boolean: self = .boolean(try .read(from: &reader))
        case .int16: self = .int16(try .read(from: &reader))
        case .uint16: self = .uint16(try .read(from: &reader))
        case .int32: self = .int32(try .read(from: &reader))
        case .uint32: self = .uint32(try .read(from: &reader))
        case .int64: self = .int64(try .read(from: &reader))
        case .uint64: self = .uint64(try .read(from: &reader))
        case .double: self = .double(try .read(from: &reader))
        case .string: self = .string(try .read(from: &reader))
        case .objectPath: self = .objectPath(try .read(from: &reader))
        case .signature: self = .signature(try .read(from: &reader))
        case .fileDescriptor: self = .fileDescriptor(try .read(from: &reader))
        case .array: self = try Self.readArray(from: &reader)
        case .structure, .dictionaryEntry:
            self = .structure(try Self.readMembers(of: type, from: &reader))
        case .variant: self = .variant(try Variant.read(from: &reader).value)
        }
    }

    private static func readMembers(
        of type: TypeCode,
        from reader: inout MessageReader
    ) throws(DBusError) -> [Value] {
        try reader.container(type) { (inner: inout MessageReader) throws(DBusError) in
            var members: [Value] = []
            while !inner.isAtEnd { members.append(try Value(from: &inner)) }
            return members
        }
    }

    private static func readArray(from reader: inout MessageReader) throws(DBusError) -> Value {
        if reader.nextElement == .byte { return .bytes(try .read(from: &reader)) }
        return try reader.container(.array) { (inner: inout MessageReader) throws(DBusError) in
            let element = inner.signature
            if element.string.utf8.first == UInt8(ascii: "{") {
                return .dictionary(try readDictionary(element, from: &inner))
            }
            var elements: [Value] = []
            while !inner.isAtEnd { elements.append(try Value(from: &inner)) }
            return .array(element, elements)
        }
    }

    /// Reads entries; `entryType` is `{kv}`, whose key is one character.
    private static func readDictionary(
        _ entryType: Signature,
        from reader: inout MessageReader
    ) throws(DBusError) -> ValueDictionary {
        var dictionary = ValueDictionary(
            keySignature: Signature(unchecked: String(entryType.string.dropFirst().prefix(1))),
            valueSignature: Signature(unchecked: String(entryType.string.dropFirst(2).dropLast())),
            entries: []
        )
        while !reader.isAtEnd {
            let members = try readMembers(of: .dictionaryEntry, from: &reader)
            guard members.count == 2 else { throw .invalidArgs("a dictionary entry is not a pair") }
            dictionary.entries.append(.init(key: members[0], value: members[1]))
        }
        return dictionary
    }
}

extension Value {
    /// Appends the value; elements of other types than their container says are an error.
    func append(to writer: inout MessageWriter) throws(DBusError) {
        switch self {
        case .byte(let value): try value.append(to: &writer)
        case .boolean(let value): try value.append(to: &writer)
        case .int16(let value): try value.append(to: &writer)
        case .uint16(let value): try value.append(to: &writer)
        case .int32(let value): try value.append(to: &writer)
        case .uint32(let value): try value.append(to: &writer)
        case .int64(let value): try value.append(to: &writer)
        case .uint64(let value): try value.append(to: &writer)
        case .double(let value): try value.append(to: &writer)
        case .string(let value): try value.append(to: &writer)
        case .objectPath(let value): try value.append(to: &writer)
        case .signature(let value): try value.append(to: &writer)
        case .fileDescriptor(let value): try writer.append(value)
        case .bytes(let value): try value.append(to: &writer)
        case .array(let element, let values):
            try Self.append(values, of: element, to: &writer)
        case .dictionary(let dictionary): try dictionary.append(to: &writer)
        case .structure(let members):
            guard !members.isEmpty else { throw .failed("a structure without members") }
            try writer.structure { (inner: inout MessageWriter) throws(DBusError) in
                for member in members { try member.append(to: &inner) }
            }
        case .variant(let value): try Variant(value).append(to: &writer)
        }
    }

    private static func append(
        _ values: [Value],
        of element: Signature,
        to writer: inout MessageWriter
    ) throws(DBusError) {
        guard element.isCompleteType else {
            throw .failed("\"\(element)\" is not the type of an array element")
        }
        try writer.array(of: element) { (inner: inout MessageWriter) throws(DBusError) in
            for value in values {
                try value.require(element, in: "array")
                try value.append(to: &inner)
            }
        }
    }

    fileprivate func require(_ signature: Signature, in container: String) throws(DBusError) {
        guard self.signature == signature else {
            throw .failed("\(self.signature) in an \(container) of \(signature)")
        }
    }
}

extension ValueDictionary {
    fileprivate func append(to writer: inout MessageWriter) throws(DBusError) {
        let entry = "{" + keySignature.string + valueSignature.string + "}"
        guard SignatureGrammar.isValid("a" + entry), keySignature.string.utf8.count == 1 else {
            throw .failed("\"\(entry)\" is not the type of a dictionary entry")
        }
        let type = Signature(unchecked: entry)
        try writer.array(of: type) { (inner: inout MessageWriter) throws(DBusError) in
            for entry in entries {
                try entry.key.require(keySignature, in: "entry")
                try entry.value.require(valueSignature, in: "entry")
                try inner.dictionaryEntry { (pair: inout MessageWriter) throws(DBusError) in
                    try entry.key.append(to: &pair)
                    try entry.value.append(to: &pair)
                }
            }
        }
    }
}
