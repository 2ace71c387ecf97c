/// The rules for signatures (D-Bus specification, "Valid Signatures").
enum SignatureGrammar {
    static let maximumLength = 255
    static let maximumArrayDepth = 32
    static let maximumStructureDepth = 32

    static func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count <= maximumLength else { return false }
        var position = 0
        while position < bytes.count {
            guard let end = endOfCompleteType(bytes, from: position) else { return false }
            position = end
        }
        return true
    }

    /// The position after the complete type that starts at `start`; nil when there is none.
    static func endOfCompleteType(
        _ bytes: [UInt8],
        from start: Int,
        arrays: Int = 0,
        structures: Int = 0
    ) -> Int? {
        guard start < bytes.count else { return nil }
        switch bytes[start] {
        case UInt8(ascii: "a"):
            guard arrays < maximumArrayDepth else { return nil }
            let element = start + 1
            if element < bytes.count, bytes[element] == UInt8(ascii: "{") {
                return endOfDictionaryEntry(
                    bytes,
                    from: element,
                    arrays: arrays + 1,
                    structures: structures
                )
            }
            return endOfCompleteType(
                bytes,
                from: element,
                arrays: arrays + 1,
                structures: structures
            )
        case UInt8(ascii: "("):
            return endOfStructure(bytes, from: start, arrays: arrays, structures: structures)
        case UInt8(ascii: "v"):
            return start + 1
        case let code:
            return TypeCode.isBasic(code) ? start + 1 : nil
        }
    }

    private static func endOfStructure(
        _ bytes: [UInt8],
        from start: Int,
        arrays: Int,
        structures: Int
    ) -> Int? {
        guard structures < maximumStructureDepth else { return nil }
        var position = start + 1
        repeat {
            guard
                let end = endOfCompleteType(
                    bytes,
                    from: position,
                    arrays: arrays,
                    structures: structures + 1
                )
            else { return nil }
            position = end
        } while position < bytes.count && bytes[position] != UInt8(ascii: ")")
        return position < bytes.count ? position + 1 : nil
    }

    /// A dictionary entry counts as a structure in the depth limit, as it does in libdbus.
    private static func endOfDictionaryEntry(
        _ bytes: [UInt8],
        from start: Int,
        arrays: Int,
        structures: Int
    ) -> Int? {
        let key = start + 1
        guard structures < maximumStructureDepth, key < bytes.count, TypeCode.isBasic(bytes[key]),
            let end = endOfCompleteType(
                bytes,
                from: key + 1,
                arrays: arrays,
                structures: structures + 1
            ),
            end < bytes.count, bytes[end] == UInt8(ascii: "}")
        else { return nil }
        return end + 1
    }
}
