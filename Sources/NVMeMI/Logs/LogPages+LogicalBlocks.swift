extension LogPages {
    /// Logical blocks, and the eyes of the receivers that they come through.
    static var logicalBlocks: [LogPageDeclaration] {
        [
            LogPageDeclaration(
                0x0E,
                .told(16) { max(16, $0.number(at: 0, 4)) },
                changeCounter: 14..<16
            ) {
                let range = Record("LBA Range Descriptor", size: 16) {
                    Item("StartingLBA", at: 0, 8)
                    Item("NumberOfLogicalBlocks", at: 8, 4)
                }
                let element = Record("LBA Status Log Namespace Element", size: 16) {
                    Item("NamespaceID", at: 0, 4)
                    Item("RecommendedAction", at: 8, codes: lbaStatusActions)
                    // FFFFFFFFh says that nothing is known of the namespace.
                    Item(derived: "Unknown") { .boolean($0.number(at: 4, 4) == 0xFFFF_FFFF) }
                    Item("Ranges", at: 16, rows: range, .told(at: 4, 4, none: 0xFFFF_FFFF))
                }
                return Record("LBA Status Information", size: 16) {
                    Item("PageLength", at: 0, 4)
                    Item("EstimateOfUnrecoverableLogicalBlocks", at: 8, 4, .except(0xFFFF_FFFF))
                    Item("GenerationCounter", at: 14, 2)
                    Item("Namespaces", at: 16, rows: element, .told(at: 4, 4)) { row, _ in
                        16 + 16 * row.resolve(.told(at: 4, 4, none: 0xFFFF_FFFF))
                    }
                }
            },
            LogPageDeclaration(
                0x19,
                .told(64) { $0.number(at: 2, 2) + $0.number(at: 20, 4) * $0.number(at: 24, 2) },
                selectors: .controller,
                specificFields: [
                    LogPageSpecificField(0, "Read"),
                    LogPageSpecificField(0x04, "MeasureGood", isAction: true),
                    LogPageSpecificField(0x05, "MeasureBetter", isAction: true),
                    LogPageSpecificField(0x06, "MeasureBest", isAction: true),
                    LogPageSpecificField(0x08, "AbortAndClear", isAction: true),
                ],
                changeCounter: 8..<9
            ) {
                Record("Physical Interface Receiver Eye Opening Measurement", size: 64) {
                    Item("State", at: 1, codes: [0: "NotStarted", 1: "InProgress", 2: "Completed"])
                    Item("HeaderSize", at: 2, 2)
                    Item("ResultSize", at: 4, 4)
                    Item("GenerationNumber", at: 8, 1)
                    Item("LogRevision", at: 9, 1)
                    Item("OptionalData", at: 10, 1, flags: [(0, "PrintableEye"), (1, "EyeData")])
                    Item("Lanes", at: 11, 1)
                    Item("EyesPerLane", at: 12, 1)
                    Item("SpecificField", at: 13, 1)
                    Item("LinkInformation", at: 14, 1)
                    Item("ControllerID", at: 18, 2)
                    Item("DescriptorSize", at: 20, 4)
                    Item("MaximumTopBottom", at: 26, 2)
                    Item("MaximumLeftRight", at: 28, 2)
                    Item("EstimatedTimeForGoodQuality", at: 30, 2)
                    Item("EstimatedTimeForBetterQuality", at: 32, 2)
                    Item("EstimatedTimeForBestQuality", at: 34, 2)
                    Item("Descriptors", at: 64, rows: lane, .told(at: 24, 2)) { _, page in
                        page.int(at: 20, 4)
                    }
                }
            },
        ]
    }

    /// How the status of logical blocks was, or is to be, found out.
    static var lbaStatusActions: KeyValuePairs<UInt8, String> {
        [0x02: "Allocated", 0x10: "ScanUntracked", 0x11: "Tracked"]
    }

    private static var lane: Record {
        Record("EOM Lane Descriptor", size: 32) {
            Item("MeasurementStatus", at: 1, 1)
            Item("Lane", at: 2, 1)
            Item("Eye", at: 3, 1)
            Item("Top", at: 4, 2)
            Item("Bottom", at: 6, 2)
            Item("Left", at: 8, 2)
            Item("Right", at: 10, 2)
            Item("Rows", at: 12, 2)
            Item("Columns", at: 14, 2)
            Item("EyeDataLength", at: 16, 2)
            Item("EyeData", at: 32, bytes: .toEnd)
        }
    }
}
