/// AE Occurrence List: events that happened, or the present state of events.
public struct AsynchronousEventOccurrences: DataStructure {
    /// One event that happened.
    public struct Occurrence: Hashable, Sendable {
        /// The event.
        public var event: AsynchronousEventIdentifier
        /// What it is about.
        public var scope: AsynchronousEventScope
        /// Number of the thing that it is about, as the scope says.
        public var scopeIdentifier: UInt32
        /// What the event says, as the event defines it.
        public var specificInformation: [UInt8]
        /// What the vendor says.
        public var vendorInformation: [UInt8]

        /// An event.
        public init(
            _ event: AsynchronousEventIdentifier,
            scope: AsynchronousEventScope,
            scopeIdentifier: UInt32 = 0,
            specificInformation: [UInt8] = [],
            vendorInformation: [UInt8] = []
        ) {
            self.event = event
            self.scope = scope
            self.scopeIdentifier = scopeIdentifier
            self.specificInformation = specificInformation
            self.vendorInformation = vendorInformation
        }

        /// The values by name.
        public var namedValues: [NamedValue] {
            var values: [NamedValue] = [
                ("Event", event.fieldValue),
                ("Scope", scope.fieldValue),
                ("ScopeIdentifier", .unsigned32(scopeIdentifier)),
                ("SpecificInformation", .bytes(specificInformation)),
            ]
            if !vendorInformation.isEmpty {
                values.append(("VendorInformation", .bytes(vendorInformation)))
            }
            return values
        }
    }

    /// Size in bytes of the header and of the fixed part of each entry.
    private enum Size {
        static let header = 7
        static let entry = 9
        static let maximumLength = 0x7F_FFFF
    }

    /// Version of the list; 0 is the only one.
    public var version: UInt8 = 0
    /// True when events were lost.
    public var hasOverflowed = false
    /// How often the message was sent before, 0 to 7.
    public var retryCount: UInt8 = 0
    /// Number of the message, modulo 32; a repetition has the same.
    public var generation: UInt8 = 0
    /// The events; at most 255.
    public var occurrences: [Occurrence]

    /// A list of these events.
    public init(_ occurrences: [Occurrence] = [], generation: UInt8 = 0, retryCount: UInt8 = 0) {
        self.occurrences = occurrences
        self.generation = generation
        self.retryCount = retryCount
    }

    /// Decodes the list by the lengths in it; what lies behind it is ignored.
    public init(data: [UInt8]) throws(DecodingError) {
        var reader = ByteReader(data, subject: "Asynchronous Event Occurrence List")
        let count = try reader.read(UInt8.self, "number of events")
        version = try reader.read(UInt8.self, "version")
        let lengthLow = try reader.read(UInt16.self, "total length")
        let lengthHigh = try reader.read(UInt8.self, "total length")
        let length = Int(lengthLow) | Int(lengthHigh & 0x7F) << 16
        hasOverflowed = lengthHigh & 0x80 != 0
        let headerLength = Int(try reader.read(UInt8.self, "header length"))
        let transmission = try reader.read(UInt8.self, "transmission information")
        retryCount = transmission & 0x7
        generation = transmission >> 3
        try reader.require(headerLength, atLeast: Size.header, "header length", at: 5)
        try reader.require(length, atLeast: headerLength, "total length", at: 2)
        reader = ByteReader(
            try reader.bytes(at: 0, count: length, "list"),
            subject: reader.subject
        )
        try reader.skip(headerLength, "header")
        occurrences = []
        for index in 0..<count {
            occurrences.append(try Self.readOccurrence(&reader, "event \(index)"))
        }
    }

    private static func readOccurrence(
        _ reader: inout ByteReader,
        _ field: String
    ) throws(DecodingError) -> Occurrence {
        let start = reader.position
        let entryLength = Int(try reader.read(UInt8.self, "length of \(field)"))
        try reader.require(entryLength, atLeast: Size.entry, "length of \(field)", at: start)
        let specificLength = Int(try reader.read(UInt8.self, "specific length of \(field)"))
        let vendorLength = Int(try reader.read(UInt8.self, "vendor length of \(field)"))
        let event = try reader.read(UInt8.self, "identifier of \(field)")
        let scopeIdentifier = try reader.read(UInt32.self, "scope identifier of \(field)")
        let scope = try reader.read(UInt8.self, "scope of \(field)") & 0xF
        try reader.skip(entryLength - Size.entry, "header of \(field)")
        return Occurrence(
            AsynchronousEventIdentifier(rawValue: event),
            scope: AsynchronousEventScope(rawValue: scope),
            scopeIdentifier: scopeIdentifier,
            specificInformation: try reader.readBytes(
                specificLength,
                "specific information of \(field)"
            ),
            vendorInformation: try reader.readBytes(
                vendorLength,
                "vendor information of \(field)"
            )
        )
    }

    /// The bytes of the list; events beyond 255 and information beyond 255 bytes are left out.
    public var data: [UInt8] {
        let occurrences = occurrences.prefix(Int(UInt8.max))
        var entries = ByteWriter()
        for occurrence in occurrences {
            let specific = occurrence.specificInformation.prefix(Int(UInt8.max))
            let vendor = occurrence.vendorInformation.prefix(Int(UInt8.max))
            entries.append(UInt8(Size.entry))
            entries.append(UInt8(specific.count))
            entries.append(UInt8(vendor.count))
            entries.append(occurrence.event.rawValue)
            entries.append(occurrence.scopeIdentifier)
            entries.append(occurrence.scope.rawValue & 0xF)
            entries.append(specific)
            entries.append(vendor)
        }
        let length = UInt32(clamping: min(Size.header + entries.count, Size.maximumLength))
        var writer = ByteWriter(capacity: Int(length))
        writer.append(UInt8(occurrences.count))
        writer.append(version)
        writer.append(UInt16(truncatingIfNeeded: length))
        writer.append(UInt8(truncatingIfNeeded: length >> 16) | (hasOverflowed ? 0x80 : 0))
        writer.append(UInt8(Size.header))
        writer.append(retryCount & 0x7 | generation << 3)
        writer.append(entries.bytes)
        return writer.bytes
    }

    /// The events and what is known of the message.
    public var namedValues: [NamedValue] {
        [
            ("Overflow", .boolean(hasOverflowed)),
            ("RetryCount", .unsigned8(retryCount)),
            ("Generation", .unsigned8(generation)),
            ("Events", .list(occurrences.map { .dictionary($0.namedValues) })),
        ]
    }
}
