/// The topology record of Vital Product Data: elements such as connectors, multiplexers and NVM subsystems.
enum Topology {
    /// Bytes of an element before its data.
    private static let headerSize = 3

    /// The record, with elements whose length counts their header when they fit the data like that, or else does not.
    ///
    /// Sources differ in that (unverified).
    static func record(of data: [UInt8]) -> Record {
        let extra = fits(RecordView(data), extra: 0) ? 0 : headerSize
        let element = Record("Topology Element", size: headerSize) {
            Item("Type", at: 0, codes: types)
            Item("Revision", at: 1, 1)
            Item("Length", at: 2, 1)
            Item("Data", at: headerSize, bytes: .toEnd)
        }
        return Record("Topology Record", size: 2) {
            Item("Version", at: 0, 1)
            Item("Elements", at: 2, rows: element, .told(at: 1, 1)) { row, _ in
                max(headerSize, row.int(at: 2, 1) + extra)
            }
        }
    }

    private static func fits(_ view: RecordView, extra: Int) -> Bool {
        var place = 2
        for _ in 0..<view.int(at: 1, 1) {
            let length = view.int(at: place + 2, 1) + extra
            if length < headerSize { return false }
            place += length
        }
        return place == view.count
    }

    private static let types: KeyValuePairs<UInt8, String> = [
        1: "Extended", 2: "UpstreamConnector", 3: "ExpansionConnector", 4: "Label",
        5: "SMBusMultiplexer", 6: "PCIeSwitch", 7: "NVMSubsystem",
    ]
}
