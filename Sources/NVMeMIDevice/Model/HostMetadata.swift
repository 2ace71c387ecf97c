/// What hosts have left about themselves or about a namespace: elements of a type with a value.
struct HostMetadata: Equatable {
    struct Element: Equatable {
        var type: UInt8
        var revision: UInt8
        var value: [UInt8]
    }

    private(set) var elements: [Element] = []

    /// What Set Features does with the elements it carries.
    enum Action: UInt32 {
        /// The only element of its type is added or changed.
        case addOrUpdate = 0
        /// Elements of a type go.
        case delete = 1
        /// An element is added beside others of its type.
        case add = 2
    }

    /// Size of the data of the feature.
    static let size = 4_096

    /// Applies a feature's data; `false` when it is malformed or does not fit.
    mutating func apply(_ action: Action, _ data: [UInt8]) -> Bool {
        guard let wanted = Self.parse(data) else { return false }
        var changed = elements
        for element in wanted {
            if action != .add { changed.removeAll { $0.type == element.type } }
            if action != .delete { changed.append(element) }
        }
        guard changed.count <= 255,
            changed.reduce(2, { $0 + 4 + $1.value.count }) <= Self.size
        else { return false }
        elements = changed
        return true
    }

    /// The elements as the feature's data.
    var data: [UInt8] {
        var image = ByteImage(size: Self.size)
        image.put(UInt8(clamping: elements.count), at: 0)
        var offset = 2
        for element in elements {
            image.put([element.type, element.revision], at: offset)
            image.put(UInt16(clamping: element.value.count), at: offset + 2)
            image.put(element.value, at: offset + 4)
            offset += 4 + element.value.count
        }
        return image.bytes
    }

    private static func parse(_ data: [UInt8]) -> [Element]? {
        guard let count = data.first, count > 0 else { return nil }
        var elements: [Element] = []
        var rest = data.dropFirst(2)
        for _ in 0..<count {
            let header = Array(rest.prefix(4))
            guard header.count == 4 else { return nil }
            let length = Int(header[2]) | Int(header[3]) << 8
            rest = rest.dropFirst(4)
            guard rest.count >= length, header[0] & 0x3F != 0 else { return nil }
            elements.append(
                Element(
                    type: header[0] & 0x3F,
                    revision: header[1] & 0x0F,
                    value: Array(rest.prefix(length))
                )
            )
            rest = rest.dropFirst(length)
        }
        return elements
    }
}
