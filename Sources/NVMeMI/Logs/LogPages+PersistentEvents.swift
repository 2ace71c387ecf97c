extension LogPages {
    /// Events that survive resets.
    static var persistentEvents: [LogPageDeclaration] {
        [
            LogPageDeclaration(
                0x0D,
                .told(512) { max(512, $0.number(at: 8, 8)) },
                specificFields: [
                    LogPageSpecificField(0, "Read"),
                    LogPageSpecificField(1, "EstablishContext", isAction: true),
                    LogPageSpecificField(2, "ReleaseContext", isAction: true),
                ],
                changeCounter: 372..<374
            ) {
                Record("Persistent Event Log", size: 512) {
                    Item("TotalNumberOfEvents", at: 4, 4)
                    Item("TotalLogLength", at: 8, 8)
                    Item("LogRevision", at: 16, 1)
                    Item("LogHeaderLength", at: 18, 2)
                    Item("Timestamp", at: 20, 6)
                    Item("TimestampAttributes", at: 26, 1)
                    Item("PowerOnHours", at: 28, 16)
                    Item("PowerCycleCount", at: 44, 8)
                    Item("VendorID", at: 52, 2)
                    Item("SubsystemVendorID", at: 54, 2)
                    Item("SerialNumber", at: 56, ascii: 20)
                    Item("ModelNumber", at: 76, ascii: 40)
                    Item("SubsystemNQN", at: 116, utf8: 256)
                    Item("GenerationNumber", at: 372, 2)
                    Item("ReportingContextPort", at: 374, 2)
                    Item(
                        "ReportingContextPortType",
                        at: 376,
                        bits: 0...1,
                        codes: [0: "None", 1: "NVMSubsystemPort", 2: "ManagementEndpoint"]
                    )
                    Item("ReportingContextExists", at: 376, bit: 2)
                    Item("SupportedEvents", at: 480, bytes: 32)
                    Item("Events", at: 512, rows: persistentEvent, .told(at: 4, 4)) { row, _ in
                        // Both lengths leave out what is before them.
                        row.int(at: 2, 1) + 3 + row.int(at: 22, 2)
                    }
                }
            }
        ]
    }

    private static var persistentEvent: Record {
        let details = eventDetails
        return Record("Persistent Event", size: 24) {
            Item("Type", at: 0, codes: eventTypes)
            Item("TypeRevision", at: 1, 1)
            Item("HeaderLength", at: 2, 1)
            Item(
                "PortType",
                at: 3,
                bits: 0...1,
                codes: [
                    0: "NotReported", 1: "NVMSubsystemPort", 2: "ManagementEndpoint",
                    3: "NotAssociated",
                ]
            )
            Item("ControllerID", at: 4, 2)
            Item("Timestamp", at: 6, 6)
            Item("TimestampAttributes", at: 12, 1)
            Item("Port", at: 14, 2)
            Item("VendorSpecificLength", at: 20, 2, .nonZero)
            Item("EventLength", at: 22, 2)
            Item("VendorSpecific", at: 3, bytes: .told(at: 20, 2), shift: .told(at: 2, 1))
            Item("Details", at: 3, shift: .sum(.told(at: 2, 1), .told(at: 20, 2))) {
                details[UInt8(truncatingIfNeeded: $0.number(at: 0, 1))]
                    ?? Record("Event Data", size: 0) { Item("Data", at: 0, bytes: .toEnd) }
            }
        }
    }

    /// Types of persistent events.
    static var eventTypes: KeyValuePairs<UInt8, String> {
        [
            0x01: "SMARTHealthSnapshot", 0x02: "FirmwareCommit", 0x03: "TimestampChange",
            0x04: "PowerOnOrReset", 0x05: "SubsystemHardwareError", 0x06: "ChangeNamespace",
            0x07: "FormatStart", 0x08: "FormatCompletion", 0x09: "SanitizeStart",
            0x0A: "SanitizeCompletion", 0x0B: "SetFeature", 0x0C: "TelemetryLogCreated",
            0x0D: "ThermalExcursion", 0x0E: "SanitizeMediaVerification",
            0x0F: "PersonalityChange", 0x10: "ExportedSubsystemChange", 0xDE: "VendorSpecific",
            0xDF: "TCGDefined",
        ]
    }
}
