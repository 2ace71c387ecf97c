/// Namespace Identification Descriptors (CNS 03h): the identifiers by which a namespace is known.
public struct NamespaceDescriptors: DataStructure {
    /// One identifier.
    public struct Descriptor: Hashable, Sendable {
        /// What kind of identifier it is.
        public var type: NamespaceIdentifierType
        /// Its bytes, most significant first.
        public var identifier: [UInt8]

        /// An identifier.
        public init(type: NamespaceIdentifierType, identifier: [UInt8]) {
            self.type = type
            self.identifier = identifier
        }
    }

    /// The identifiers in the order of the controller.
    public var descriptors: [Descriptor]

    /// These identifiers.
    public init(_ descriptors: [Descriptor] = []) { self.descriptors = descriptors }

    /// Decodes the descriptors up to one of type 0 or the end of the bytes.
    public init(data: [UInt8]) throws(DecodingError) {
        var reader = ByteReader(data, subject: "Namespace Identification Descriptors")
        descriptors = []
        // A descriptor has four bytes at least; fewer at the end are padding.
        while reader.remaining >= 4 {
            let field = "descriptor \(descriptors.count)"
            let start = reader.position
            let type = try reader.read(UInt8.self, "type of \(field)")
            let length = Int(try reader.read(UInt8.self, "length of \(field)"))
            if type == 0 { break }
            if length == 0 {
                throw DecodingError(
                    subject: reader.subject,
                    field: "length of \(field)",
                    offset: start + 1,
                    expected: "at least 1",
                    got: "0"
                )
            }
            try reader.skip(2, "reserved bytes of \(field)")
            descriptors.append(
                Descriptor(
                    type: NamespaceIdentifierType(rawValue: type),
                    identifier: try reader.readBytes(length, "identifier of \(field)")
                )
            )
        }
    }

    /// The descriptors filled with zeroes to 4096 bytes; those that do not fit are left out.
    public var data: [UInt8] {
        let size = 4096
        var writer = ByteWriter(capacity: size)
        for descriptor in descriptors {
            let identifier = descriptor.identifier.prefix(Int(UInt8.max))
            if writer.count + 4 + identifier.count > size { break }
            writer.append(descriptor.type.rawValue)
            writer.append(UInt8(clamping: identifier.count))
            writer.append(zeros: 2)
            writer.append(identifier)
        }
        writer.append(zeros: size - writer.count)
        return writer.bytes
    }

    /// The identifier of a type, nil when the namespace has none.
    public subscript(type: NamespaceIdentifierType) -> [UInt8]? {
        descriptors.first { $0.type == type }?.identifier
    }

    /// Identifiers as text of hexadecimal digits (UUIDs with hyphens), the I/O command set as a number; the bytes of
    /// others.
    public var namedValues: [NamedValue] {
        descriptors.map { descriptor in
            switch descriptor.type {
            case .eui64: ("EUI64", .text(Self.digits(descriptor.identifier)))
            case .nguid: ("NGUID", .text(Self.digits(descriptor.identifier)))
            case .uuid: ("UUID", .text(Self.uuid(descriptor.identifier)))
            case .ioCommandSet where descriptor.identifier.count == 1:
                ("IOCommandSet", .unsigned8(descriptor.identifier[0]))
            default:
                (
                    "Identifier\(descriptor.type.rawValue.hexadecimal())",
                    .bytes(descriptor.identifier)
                )
            }
        }
    }

    /// Lower-case hexadecimal digits of bytes.
    static func digits(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Digits in groups of 4, 2, 2, 2 and 6 bytes; plain digits when there are not 16 bytes.
    private static func uuid(_ bytes: [UInt8]) -> String {
        guard bytes.count == 16 else { return digits(bytes) }
        return [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { digits(bytes[$0]) }
            .joined(separator: "-")
    }
}

/// What kind of identifier it is (NIDT).
public struct NamespaceIdentifierType: WireEnumeration {
    /// The code.
    public let rawValue: UInt8

    /// The type with a code.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// IEEE Extended Unique Identifier, 8 bytes.
    public static let eui64 = Self(rawValue: 1)
    /// Namespace Globally Unique Identifier, 16 bytes.
    public static let nguid = Self(rawValue: 2)
    /// UUID, 16 bytes.
    public static let uuid = Self(rawValue: 3)
    /// I/O command set, one byte.
    public static let ioCommandSet = Self(rawValue: 4)

    /// Names in words.
    public static let names: [UInt8: String] = [
        1: "EUI64", 2: "NGUID", 3: "UUID", 4: "IOCommandSet",
    ]
}
