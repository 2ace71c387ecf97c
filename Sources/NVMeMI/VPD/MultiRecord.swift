/// The records of the multi-record area of Vital Product Data.
enum MultiRecord {
    /// Bytes before the data of a record.
    static let headerSize = 5

    /// Decodes the records from a place on; 0 stands for none.
    static func decode(
        _ view: RecordView,
        from first: Int
    ) -> (records: [FieldValue], leftOut: [DecodingError]) {
        var records: [FieldValue] = []
        var leftOut: [DecodingError] = []
        var place = first
        while place > 0 {
            let header = view.bytes(at: place, headerSize)
            let length = view.int(at: place + 2, 1)
            guard header.count == headerSize, length <= view.count - place - headerSize else {
                leftOut.append(
                    view.reader.oddity(
                        "record \(records.count)",
                        offset: place,
                        expected: byteCount(headerSize + length),
                        got: "\(byteCount(max(0, view.count - place))) before the end"
                    )
                )
                break
            }
            let data = view.bytes(at: place + headerSize, length)
            let decoded = self.record(header, data)
            records.append(.dictionary(decoded.values))
            leftOut += decoded.leftOut.prefix(max(0, 16 - leftOut.count))
            if header[1] & 0x80 != 0 { break }
            place += headerSize + length
        }
        return (records, leftOut)
    }

    private static func record(_ header: [UInt8], _ data: [UInt8]) -> DecodedData {
        var values: [NamedValue] = [
            ("Type", .text(types.words(of: header[0]))),
            ("Format", .unsigned8(header[1] & 0xF)),
            ("HeaderChecksumValid", .boolean(ProductData.hasChecksum(header))),
            ("ChecksumValid", .boolean(ProductData.hasChecksum(data + [header[3]]))),
        ]
        guard let content = contents(of: header[0], data) else {
            return DecodedData(values + [("Data", .bytes(data))])
        }
        // A shorter record is of an older version.
        let decoded = content.decodePrefix(data)
        values += decoded.values
        return DecodedData(values, leftOut: decoded.leftOut)
    }

    /// Types of records; those of NVMe-MI are (unverified).
    private static let types: KeyValuePairs<UInt8, String> = [
        0x0B: "NVMe", 0x0C: "NVMePCIePort", 0x0D: "Topology",
    ]

    private static func contents(of type: UInt8, _ data: [UInt8]) -> Record? {
        switch type {
        case 0x0B: nvme
        case 0x0C: port
        case 0x0D: Topology.record(of: data)
        default: nil
        }
    }

    /// Powers and the thermal load are in watts.
    private static var nvme: Record {
        Record("NVMe Record", size: 59) {
            Item("Version", at: 0, 1)
            Item("FormFactor", at: 1, 1)
            Item("InitialPower1V8", at: 8, 1, .nonZero)
            Item("MaximumPower1V8", at: 9, 1, .nonZero)
            Item("InitialPower3V3", at: 10, 1, .nonZero)
            Item("MaximumPower3V3", at: 11, 1, .nonZero)
            Item("MaximumPower3V3Auxiliary", at: 13, 1, .nonZero)
            Item("InitialPower5V", at: 14, 1, .nonZero)
            Item("MaximumPower5V", at: 15, 1, .nonZero)
            Item("InitialPower12V", at: 16, 1, .nonZero)
            Item("MaximumPower12V", at: 17, 1, .nonZero)
            Item("MaximumThermalLoad", at: 18, 1, .nonZero)
            // 13 bytes, as what is behind it is numbered (unverified).
            Item("TotalNVMCapacity", at: 19, 13)
        }
    }

    private static var port: Record {
        Record("NVMe PCIe Port Record", size: 8) {
            Item("Version", at: 0, 1)
            Item("PCIePortNumber", at: 1, 1)
            Item("PortInformation", at: 2, 1)
            Item(
                "LinkSpeeds",
                at: 3,
                1,
                flags: [
                    (0, "2.5GT/s"), (1, "5GT/s"), (2, "8GT/s"), (3, "16GT/s"), (4, "32GT/s"),
                    (5, "64GT/s"),
                ]
            )
            Item("MaximumLinkWidth", at: 4, 1)
            Item("MCTPSupport", at: 5, 1)
            Item("ReferenceClockCapability", at: 6, 1)
            Item("PortID", at: 7, 1)
        }
    }
}
