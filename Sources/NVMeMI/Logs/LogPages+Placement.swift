extension LogPages {
    /// Flexible data placement (FDP).
    static var placement: [LogPageDeclaration] {
        [
            LogPageDeclaration(
                0x20,
                .told(16) { max(16, $0.number(at: 4, 4)) },
                selectors: .enduranceGroup
            ) {
                let handle = Record("Reclaim Unit Handle Descriptor", size: 4) {
                    Item(
                        "Type",
                        at: 0,
                        codes: [1: "InitiallyIsolated", 2: "PersistentlyIsolated"]
                    )
                }
                let configuration = Record("FDP Configuration Descriptor", size: 64) {
                    Item("DescriptorSize", at: 0, 2)
                    Item("ReclaimGroupIdentifierFormat", at: 2, bits: 0...3)
                    Item("VolatileWriteCache", at: 2, bit: 4)
                    Item("Valid", at: 2, bit: 7)
                    Item("ReclaimGroups", at: 4, 4)
                    Item("MaximumPlacementIdentifiers", at: 10, 2, .onePlus)
                    Item("Namespaces", at: 12, 4)
                    Item("ReclaimUnitNominalSize", at: 16, 8)
                    Item("EstimatedReclaimUnitTimeLimit", at: 24, 4, .nonZero)
                    Item("ReclaimUnitHandles", at: 64, rows: handle, .told(at: 8, 2))
                    Item(
                        "VendorSpecific",
                        at: 64,
                        bytes: .told(at: 3, 1),
                        shift: .told(at: 8, 2, times: 4)
                    )
                }
                return Record("FDP Configurations", size: 16) {
                    Item("Version", at: 2, 1)
                    Item("Size", at: 4, 4)
                    Item("Configurations", at: 16, rows: configuration, .told(at: 0, 2, plus: 1)) {
                        row,
                        _ in row.int(at: 0, 2)
                    }
                }
            },
            LogPageDeclaration(
                0x21,
                .told(8) { 8 + 8 * $0.number(at: 0, 2) },
                selectors: .enduranceGroup
            ) {
                let usage = Record("Reclaim Unit Handle Usage Descriptor", size: 8) {
                    Item(
                        "Attributes",
                        at: 0,
                        codes: [0: "Unused", 1: "HostSpecified", 2: "ControllerSpecified"]
                    )
                }
                return Record("Reclaim Unit Handle Usage", size: 8) {
                    Item("ReclaimUnitHandles", at: 8, rows: usage, .told(at: 0, 2))
                }
            },
            LogPageDeclaration(0x22, .fixed(64), selectors: .enduranceGroup) {
                Record("FDP Statistics", size: 64) {
                    Item("HostBytesWritten", at: 0, 16)
                    Item("MediaBytesWritten", at: 16, 16)
                    Item("MediaBytesErased", at: 32, 16)
                }
            },
            LogPageDeclaration(
                0x23,
                .told(64) { 64 + 64 * min($0.number(at: 0, 4), 63) },
                selectors: .enduranceGroup,
                specificFields: [
                    LogPageSpecificField(0, "ControllerEvents"),
                    LogPageSpecificField(1, "HostEvents"),
                ]
            ) {
                Record("FDP Events", size: 64) {
                    Item("Events", at: 64, rows: event, .told(at: 0, 4))
                }
            },
        ]
    }

    /// Types of FDP events.
    static var placementEvents: KeyValuePairs<UInt8, String> {
        [
            0x00: "ReclaimUnitNotFullyWritten", 0x01: "ReclaimUnitTimeLimitExceeded",
            0x02: "ControllerResetModifiedReclaimUnitHandles",
            0x03: "InvalidPlacementIdentifier", 0x80: "MediaReallocated",
            0x81: "ImplicitlyModifiedReclaimUnitHandle",
        ]
    }

    private static var event: Record {
        Record("FDP Event", size: 64) {
            Item("Type", at: 0, codes: placementEvents)
            Item(
                "Valid",
                at: 1,
                1,
                flags: [(0, "PlacementIdentifier"), (1, "Namespace"), (2, "Location")]
            )
            Item("PlacementIdentifier", at: 2, 2)
            Item("Timestamp", at: 4, 6)
            Item("TimestampAttributes", at: 10, 1)
            Item("NamespaceID", at: 12, 4)
            Item("TypeSpecific", at: 16, bytes: 16)
            Item("ReclaimGroupID", at: 32, 2)
            Item("ReclaimUnitHandleID", at: 34, 1)
            Item("VendorSpecific", at: 40, bytes: 24)
        }
    }
}
