/// The header of a PLDM firmware update package (DSP0267, package header format revisions 1 to 4): for which
/// devices it is, and where in the file the images are.
///
/// Whatever has no such header is no package but an image as it is.
public struct FirmwarePackage: Equatable, Sendable {
    /// Bytes that a header has at most, as its length is told in 16 bits.
    public static let longestHeader = Int(UInt16.max)

    /// One image in the package.
    public struct Component: Equatable, Sendable {
        /// By what programs tell components apart.
        public var identifier: UInt16
        /// What it is; 000Ah is firmware, for instance.
        public var classification: UInt16
        /// The image's version as the package has it.
        public var version: String
        /// Where in the file the image is; within the file.
        public var place: Range<UInt64>
    }

    /// A kind of device that the package is for.
    public struct Device: Equatable, Sendable {
        /// By what the device is known.
        public var descriptors: [Descriptor]
        /// The indices of the components that are for it.
        public var components: [Int]
        /// The version of these components together.
        public var version: String
    }

    /// Something that a device must be.
    public struct Descriptor: Equatable, Sendable {
        /// What is described.
        public var type: UInt16
        /// What it must be.
        public var data: [UInt8]
    }

    /// The revision of the header's format.
    public private(set) var revision: UInt8 = 0
    /// Bytes of the header, its check included; the images follow.
    public private(set) var headerSize: UInt64 = 0
    /// The version of the whole package.
    public private(set) var version = ""
    /// The kinds of devices that it is for.
    public private(set) var devices: [Device] = []
    /// The images.
    public private(set) var components: [Component] = []
    /// The check of everything behind the header; nil in revisions that have none.
    public private(set) var payloadChecksum: UInt32?

    /// Whether a file that begins so is a package.
    public static func begins(_ bytes: some Sequence<UInt8>) -> Bool {
        identifiers.contains(Array(bytes.prefix(16)))
    }

    /// The identifier of each revision, in the order of its bytes in the file.
    static let identifiers: [[UInt8]] = [
        [
            0xF0, 0x18, 0x87, 0x8C, 0xCB, 0x7D, 0x49, 0x43, 0x98, 0x00, 0xA0, 0x2F, 0x05, 0x9A,
            0xCA, 0x02,
        ],
        [
            0x12, 0x44, 0xD2, 0x64, 0x8D, 0x7D, 0x47, 0x18, 0xA0, 0x30, 0xFC, 0x8A, 0x56, 0x58,
            0x7D, 0x5A,
        ],
        [
            0x31, 0x19, 0xCE, 0x2F, 0xE8, 0x0A, 0x4A, 0x99, 0xAF, 0x6D, 0x46, 0xF8, 0xB1, 0x21,
            0xF6, 0xBF,
        ],
        [
            0x7B, 0x29, 0x1C, 0x99, 0x6D, 0xB6, 0x42, 0x08, 0x80, 0x1B, 0x02, 0x02, 0x6E, 0x46,
            0x3C, 0x78,
        ],
    ]

    /// Reads a header.
    ///
    /// - Parameters:
    ///   - beginning: The first bytes of the file: the whole header at least, or the whole file.
    ///   - fileSize: How long the file is.
    /// - Throws: `DecodingError` for a header that is damaged or points beyond the file.
    public init(_ beginning: [UInt8], fileSize: UInt64) throws(DecodingError) {
        var reader = ByteReader(beginning, subject: Self.subject)
        let identifier = try reader.readBytes(16, "identifier")
        let revision = try reader.read(UInt8.self, "format revision")
        guard let index = Self.identifiers.firstIndex(of: identifier), revision == index + 1 else {
            throw reader.oddity(
                "format revision",
                offset: 16,
                expected: "1 to 4, that of the identifier",
                got: "\(revision)"
            )
        }
        self.revision = revision
        let size = try reader.read(UInt16.self, "header size")
        headerSize = UInt64(size)
        let checks = revision >= 4 ? 8 : 4
        guard Int(size) > reader.position + checks, headerSize <= fileSize else {
            throw reader.oddity(
                "header size",
                offset: 17,
                expected: "more than \(reader.position + checks), at most the file's \(fileSize)",
                got: "\(size)"
            )
        }
        try check(beginning, headerEnd: Int(size) - checks)
        // What lies behind the header is not read as if it were of it.
        var header = ByteReader(
            try reader.bytes(at: 0, count: Int(size) - checks, "header"),
            subject: Self.subject
        )
        try header.skip(reader.position + Self.releaseDateSize, "release date")
        try readHeader(&header, fileSize)
    }

    static let subject = "PLDM firmware package"
    private static let releaseDateSize = 13

    /// Checks the header by its check at its end.
    private mutating func check(
        _ beginning: [UInt8],
        headerEnd: Int
    ) throws(DecodingError) {
        let reader = ByteReader(beginning, subject: Self.subject)
        let stated = try reader.integer(UInt32.self, at: headerEnd, "header checksum")
        if revision >= 4 {
            payloadChecksum = try reader.integer(
                UInt32.self,
                at: headerEnd + 4,
                "payload checksum"
            )
        }
        var checksum = PackageChecksum()
        checksum.add(beginning.prefix(headerEnd))
        guard checksum.value == stated else {
            throw reader.oddity(
                "header checksum",
                offset: headerEnd,
                expected: "0x\(String(checksum.value, radix: 16)), that of the bytes before it",
                got: "0x\(String(stated, radix: 16))"
            )
        }
    }

    private mutating func readHeader(
        _ reader: inout ByteReader,
        _ fileSize: UInt64
    ) throws(DecodingError) {
        let bitmapBits = Int(try reader.read(UInt16.self, "component bitmap length"))
        guard bitmapBits % 8 == 0 else {
            throw reader.oddity(
                "component bitmap length",
                offset: reader.position - 2,
                expected: "a multiple of 8",
                got: "\(bitmapBits)"
            )
        }
        version = try Self.text(&reader, "package version")
        for index in 0..<(try reader.read(UInt8.self, "number of devices")) {
            devices.append(try device(&reader, Int(index), bitmapBits / 8))
        }
        if revision >= 2 {
            // Devices behind others; none of them is a drive of ours.
            for _ in 0..<(try reader.read(UInt8.self, "number of downstream devices")) {
                let start = reader.position
                let length = Int(try reader.read(UInt16.self, "length of a downstream device"))
                try reader.skip(start + length - reader.position, "downstream device", from: start)
            }
        }
        let count = try reader.read(UInt16.self, "number of components")
        guard Int(count) <= bitmapBits else {
            throw reader.oddity(
                "number of components",
                offset: reader.position - 2,
                expected: "at most \(bitmapBits), as many as the bitmaps have bits",
                got: "\(count)"
            )
        }
        for _ in 0..<count { components.append(try component(&reader, fileSize)) }
        for (index, device) in devices.enumerated() {
            guard let beyond = device.components.first(where: { $0 >= components.count }) else {
                continue
            }
            throw reader.oddity(
                "components of device \(index)",
                offset: 0,
                expected: "of the \(components.count) that there are",
                got: "number \(beyond)"
            )
        }
    }

    private func component(
        _ reader: inout ByteReader,
        _ fileSize: UInt64
    ) throws(DecodingError) -> Component {
        let classification = try reader.read(UInt16.self, "component classification")
        let identifier = try reader.read(UInt16.self, "component identifier")
        // Comparison stamp, options and activation method.
        try reader.skip(8, "component options")
        let position = reader.position
        let start = UInt64(try reader.read(UInt32.self, "component offset"))
        let size = UInt64(try reader.read(UInt32.self, "component size"))
        guard start >= headerSize, size > 0, start + size <= fileSize else {
            throw reader.oddity(
                "component offset and size",
                offset: position,
                expected: "a place within bytes \(headerSize) to \(fileSize) of the file",
                got: "\(size) bytes at \(start)"
            )
        }
        let version = try Self.text(&reader, "component version")
        if revision >= 3 {
            let opaque = try reader.read(UInt32.self, "length of opaque data")
            try reader.skip(Int(clamping: opaque), "opaque data")
        }
        return Component(
            identifier: identifier,
            classification: classification,
            version: version,
            place: start..<start + size
        )
    }

    /// A text with its type and its length in front of it.
    private static func text(
        _ reader: inout ByteReader,
        _ field: String
    ) throws(DecodingError) -> String {
        let type = try reader.read(UInt8.self, field)
        let length = Int(try reader.read(UInt8.self, field))
        return FixedText.utf8(of: try reader.readBytes(length, field), isASCII: type != 2)
    }
}

extension FirmwarePackage {
    private func device(
        _ reader: inout ByteReader,
        _ index: Int,
        _ bitmapSize: Int
    ) throws(DecodingError) -> Device {
        let start = reader.position
        let length = Int(try reader.read(UInt16.self, "length of device \(index)"))
        guard length > 2 else {
            throw reader.oddity(
                "length of device \(index)",
                offset: start,
                expected: "more than 2",
                got: "\(length)"
            )
        }
        var record = ByteReader(
            try reader.readBytes(length - 2, "device \(index)"),
            subject: "\(Self.subject), device \(index)"
        )
        let count = try record.read(UInt8.self, "number of descriptors")
        try record.skip(4, "options")
        let versionType = try record.read(UInt8.self, "version type")
        let versionLength = Int(try record.read(UInt8.self, "version length"))
        try record.skip(revision >= 4 ? 6 : 2, "lengths of package data")
        let bitmap = try record.readBytes(bitmapSize, "applicable components")
        let version = try record.readBytes(versionLength, "version")
        var descriptors: [Descriptor] = []
        for _ in 0..<count {
            let type = try record.read(UInt16.self, "descriptor type")
            let size = Int(try record.read(UInt16.self, "descriptor length"))
            descriptors.append(
                Descriptor(type: type, data: try record.readBytes(size, "descriptor"))
            )
        }
        return Device(
            descriptors: descriptors,
            components: (0..<bitmapSize * 8).filter { bitmap[$0 / 8] >> ($0 % 8) & 1 == 1 },
            version: FixedText.utf8(of: version, isASCII: versionType != 2)
        )
    }
}

extension ByteReader {
    /// Moves on to the end of something that began at an offset; its length may not even hold what was read of it.
    fileprivate mutating func skip(
        _ count: Int,
        _ field: String,
        from start: Int
    ) throws(DecodingError) {
        guard count >= 0 else {
            throw oddity(
                field,
                offset: start,
                expected: "at least what its length takes",
                got: "less"
            )
        }
        try skip(count, field)
    }
}

extension FixedText {
    fileprivate static func utf8(of bytes: [UInt8], isASCII: Bool) -> String {
        bytes.withUnsafeBytes { isASCII ? ascii($0) : utf8($0) }
    }
}
