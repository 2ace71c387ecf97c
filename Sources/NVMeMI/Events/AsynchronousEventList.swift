/// One event of a list and whether it is, or shall be, reported.
public struct AsynchronousEventSetting: Hashable, Sendable {
    /// The event.
    public var event: AsynchronousEventIdentifier
    /// True when it is, or shall be, reported.
    public var isEnabled: Bool

    /// A setting of an event.
    public init(_ event: AsynchronousEventIdentifier, isEnabled: Bool) {
        self.event = event
        self.isEnabled = isEnabled
    }
}

/// A list of events: the AE Supported List that an endpoint returns, and the AE Enable List that it is sent.
///
/// The list that is sent is a delta: events that it does not name stay as they are.
public struct AsynchronousEventList: DataStructure {
    /// Size in bytes of the header and of each entry.
    private enum Size {
        static let header = 5
        static let entry = 3
    }

    /// Version of the list; 0 is the only one.
    public var version: UInt8 = 0
    /// The events; at most 255.
    public var settings: [AsynchronousEventSetting]

    /// A list of these events.
    public init(_ settings: [AsynchronousEventSetting] = []) { self.settings = settings }

    /// Decodes the list by the lengths in it; what lies behind it is ignored.
    public init(data: [UInt8]) throws(DecodingError) {
        var reader = ByteReader(data, subject: "Asynchronous Event List")
        let count = try reader.read(UInt8.self, "number of events")
        version = try reader.read(UInt8.self, "version")
        let length = Int(try reader.read(UInt16.self, "total length"))
        let headerLength = Int(try reader.read(UInt8.self, "header length"))
        try reader.require(headerLength, atLeast: Size.header, "header length", at: 4)
        try reader.require(length, atLeast: headerLength, "total length", at: 2)
        reader = ByteReader(
            try reader.bytes(at: 0, count: length, "list"),
            subject: reader.subject
        )
        try reader.skip(headerLength, "header")
        settings = []
        for index in 0..<count {
            let start = reader.position
            let entryLength = Int(try reader.read(UInt8.self, "length of event \(index)"))
            try reader.require(
                entryLength,
                atLeast: Size.entry,
                "length of event \(index)",
                at: start
            )
            let information = try reader.read(UInt16.self, "event \(index)")
            try reader.skip(entryLength - Size.entry, "event \(index)")
            settings.append(
                AsynchronousEventSetting(
                    AsynchronousEventIdentifier(rawValue: UInt8(truncatingIfNeeded: information)),
                    isEnabled: information & 0x8000 != 0
                )
            )
        }
    }

    /// The bytes of the list; events beyond 255 are left out.
    public var data: [UInt8] {
        let settings = settings.prefix(Int(UInt8.max))
        let length = Size.header + Size.entry * settings.count
        var writer = ByteWriter(capacity: length)
        writer.append(UInt8(settings.count))
        writer.append(version)
        writer.append(UInt16(length))
        writer.append(UInt8(Size.header))
        for setting in settings {
            writer.append(UInt8(Size.entry))
            writer.append(UInt16(setting.event.rawValue) | (setting.isEnabled ? 0x8000 : 0))
        }
        return writer.bytes
    }

    /// The names of all events and of those that are enabled.
    public var namedValues: [NamedValue] {
        [
            ("Events", .names(settings.map(\.event.description))),
            ("EnabledEvents", .names(settings.filter(\.isEnabled).map(\.event.description))),
        ]
    }
}

extension ByteReader {
    /// Refuses a length in a list that would make it overlap itself.
    func require(
        _ got: Int,
        atLeast minimum: Int,
        _ field: String,
        at offset: Int
    ) throws(DecodingError) {
        if got < minimum {
            throw DecodingError(
                subject: subject,
                field: field,
                offset: offset,
                expected: "at least \(minimum)",
                got: "\(got)"
            )
        }
    }
}
