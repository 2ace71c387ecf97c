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

    /// Why received descriptors were left out; empty when the list is as it should be.
    public private(set) var leftOut: [DecodingError] = []

    /// These identifiers.
    public init(_ descriptors: [Descriptor] = []) { self.descriptors = descriptors }

    /// Decodes the descriptors up to one of type 0 or the end of the bytes.
    ///
    /// A descriptor of length 0, of a wrong length for its type, or that runs past the end is left out with all behind it:
    /// where the next one begins is not known then. Of several descriptors of a type the first one counts, and an
    /// identifier that is all zeros is none. `leftOut` tells all of these.
    public init(data: [UInt8]) throws(DecodingError) {
        var reader = ByteReader(data, subject: "Namespace Identification Descriptors")
        descriptors = []
        var index = 0
        // A descriptor has four bytes at least; fewer at the end are padding.
        while reader.remaining >= 4 {
            let field = "descriptor \(index)"
            let start = reader.position
            let type = NamespaceIdentifierType(rawValue: try reader.read(UInt8.self, field))
            let length = Int(try reader.read(UInt8.self, field))
            if type.rawValue == 0 { break }
            try reader.skip(2, field)
            guard type.allows(length: length), length <= reader.remaining else {
                leftOut.append(
                    reader.oddity(
                        "length of \(field)",
                        offset: start + 1,
                        expected: type.expectation(remaining: reader.remaining),
                        got: "\(length)"
                    )
                )
                break
            }
            let identifier = try reader.readBytes(length, field)
            if descriptors.contains(where: { $0.type == type }) {
                leftOut.append(
                    reader.oddity(field, offset: start, expected: "one \(type)", got: "another")
                )
            } else if type.isNone(identifier) {
                leftOut.append(
                    reader.oddity(field, offset: start, expected: "a \(type)", got: "zeros")
                )
            } else {
                descriptors.append(Descriptor(type: type, identifier: identifier))
            }
            index += 1
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
        descriptors.first { $0.type == type && !type.isNone($0.identifier) }?.identifier
    }

    /// Equal when the identifiers are.
    public static func == (left: Self, right: Self) -> Bool {
        left.descriptors == right.descriptors
    }

    /// Identifiers as text of hexadecimal digits (UUIDs with hyphens), the I/O command set as a number; the bytes of
    /// others.
    public var namedValues: [NamedValue] {
        descriptors.filter { !$0.type.isNone($0.identifier) }.map { descriptor in
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
    public static let names: KeyValuePairs<UInt8, String> = [
        1: "EUI64", 2: "NGUID", 3: "UUID", 4: "IOCommandSet",
    ]

    /// Bytes that an identifier of the type has; nil for a type that is not known.
    public var length: Int? {
        switch self {
        case .eui64: 8
        case .nguid, .uuid: 16
        case .ioCommandSet: 1
        default: nil
        }
    }

    /// True for bytes that stand for no identifier: zeros where 0 is not a value like others.
    func isNone(_ identifier: [UInt8]) -> Bool {
        self != .ioCommandSet && length != nil && identifier.allSatisfy { $0 == 0 }
    }

    fileprivate func allows(length: Int) -> Bool {
        self.length.map { $0 == length } ?? (length > 0)
    }

    fileprivate func expectation(remaining: Int) -> String {
        length.map { "\($0) within \(byteCount(remaining))" } ?? "1 to \(remaining)"
    }
}
