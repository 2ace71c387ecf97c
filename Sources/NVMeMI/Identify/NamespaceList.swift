/// A list of namespace identifiers (CNS 02h, 07h, 10h and 1Ah): up to 1024 in ascending order, ended by 0.
public struct NamespaceList: DataStructure {
    /// The greatest number of identifiers in one list.
    public static let capacity = 1024

    /// The identifier that stands for all namespaces and is none itself.
    private static let broadcast: UInt32 = 0xFFFF_FFFF

    /// The identifiers, ascending.
    public var namespaces: [UInt32]

    /// Why a received list was not read to its end; empty when it is as it should be.
    public private(set) var leftOut: [DecodingError] = []

    /// A list of these namespaces.
    public init(_ namespaces: [UInt32] = []) { self.namespaces = namespaces }

    /// Decodes the list up to the first 0 or the end of the bytes.
    ///
    /// It ends as well at the first identifier that is not greater than the one before or that no namespace can have, and
    /// where the bytes end before it does; then `leftOut` tells.
    ///
    /// - Throws: `DecodingError` when not even the first identifier is there.
    public init(data: [UInt8]) throws(DecodingError) {
        var reader = ByteReader(data, subject: "Namespace List")
        namespaces = []
        while namespaces.count < Self.capacity {
            let index = namespaces.count
            guard index == 0 || reader.remaining >= 4 else {
                leftOut.append(.cutShort(in: reader, index))
                break
            }
            let namespace = try reader.read(UInt32.self, "identifier \(index)")
            if namespace == 0 { break }
            let last = namespaces.last ?? 0
            if namespace <= last || namespace == Self.broadcast {
                leftOut.append(.notAscending(in: reader, index, after: last, got: namespace))
                break
            }
            namespaces.append(namespace)
        }
    }

    /// The list filled with zeroes to 4096 bytes; identifiers beyond the capacity are left out.
    public var data: [UInt8] {
        var writer = ByteWriter(capacity: 4 * Self.capacity)
        for namespace in namespaces.prefix(Self.capacity) { writer.append(namespace) }
        writer.append(zeros: 4 * Self.capacity - writer.count)
        return writer.bytes
    }

    /// Equal when the identifiers are.
    public static func == (left: Self, right: Self) -> Bool { left.namespaces == right.namespaces }

    /// The identifiers.
    public var namedValues: [NamedValue] {
        [("Namespaces", .list(namespaces.map(\.fieldValue)))]
    }

    /// Behind which identifier the next list begins, nil when this was the last.
    public var continuation: UInt32? {
        // The greatest identifier from which a list may begin.
        guard namespaces.count >= Self.capacity, let last = namespaces.last, last <= 0xFFFF_FFFD
        else { return nil }
        return last
    }
}
