extension LogPages {
    /// What is in the data of a persistent event, by its type.
    static var eventDetails: [UInt8: Record] {
        [
            0x02: Record("Firmware Commit Event", size: 22) {
                Item("OldFirmwareRevision", at: 0, ascii: 8)
                Item("NewFirmwareRevision", at: 8, ascii: 8)
                Item("CommitAction", at: 16, 1)
                Item("Slot", at: 17, 1)
                Item("StatusCodeType", at: 18, 1)
                Item("StatusCode", at: 19, 1)
                Item("VendorResult", at: 20, 2)
            },
            0x03: Record("Timestamp Change Event", size: 16) {
                Item("PreviousTimestamp", at: 0, 6)
                Item("PreviousTimestampAttributes", at: 6, 1)
                Item("MillisecondsSinceReset", at: 8, 8)
            },
            0x04: Record("Power-on or Reset Event", size: 8) {
                Item("FirmwareRevision", at: 0, ascii: 8)
                Item("Resets", at: 8, rows: reset, .toEnd)
            },
            0x05: Record("NVM Subsystem Hardware Error Event", size: 4) {
                Item("ErrorCode", at: 0, codes: hardwareErrors)
                Item("AdditionalInformation", at: 4, bytes: .toEnd)
            },
            0x06: Record("Change Namespace Event", size: 48) {
                Item("CommandDword10", at: 0, 4)
                Item("Size", at: 8, 8)
                Item("Capacity", at: 24, 8)
                Item("FormattedLBASize", at: 32, 1)
                Item("DataProtection", at: 33, 1)
                Item("Sharing", at: 34, 1)
                Item("ANAGroupID", at: 36, 4)
                Item("NVMSetID", at: 40, 2)
                Item("NamespaceID", at: 44, 4)
            },
            0x07: Record("Format NVM Start Event", size: 12) {
                Item("NamespaceID", at: 0, 4)
                Item("FormatAttributes", at: 4, 1)
                Item("CommandDword10", at: 8, 4)
            },
            0x08: Record("Format NVM Completion Event", size: 12) {
                Item("NamespaceID", at: 0, 4)
                Item("SmallestProgressIndicator", at: 4, 1)
                Item("Status", at: 5, 1)
                Item("CompletionInformation", at: 6, 2)
                Item("StatusField", at: 8, 4)
            },
            0x09: Record("Sanitize Start Event", size: 12) {
                Item("SanitizeCapabilities", at: 0, 4)
                Item("CommandDword10", at: 4, 4)
                Item("CommandDword11", at: 8, 4)
            },
            0x0A: Record("Sanitize Completion Event", size: 8) {
                Item("Progress", at: 0, 2)
                Item("Status", at: 2, 2)
                Item("CompletionInformation", at: 4, 2)
            },
            0x0B: Record("Set Feature Event", size: 4) {
                Item("DwordCount", at: 0, bits: 0...2)
                Item("HasResult", at: 0, bit: 3)
                Item("MemoryBufferCount", at: 2, 2)
                Item("CommandDwordsAndData", at: 4, bytes: .toEnd)
            },
            0x0C: Record("Telemetry Log Created Event", size: 0) {
                Item("TelemetryHeader", at: 0, bytes: .toEnd)
            },
            0x0D: Record("Thermal Excursion Event", size: 2) {
                Item("OverTemperature", at: 0, 1)
                Item(
                    "Threshold",
                    at: 1,
                    codes: [
                        0: "BackBelowWarning", 1: "Warning", 2: "Critical",
                    ]
                )
            },
            0xDE: Record("Vendor Specific Event", size: 0) {
                Item("Descriptors", at: 0, rows: vendorEvent, .toEnd) { row, _ in
                    6 + row.int(at: 4, 2)
                }
            },
        ]
    }

    private static var reset: Record {
        Record("Controller Reset Information", size: 36) {
            Item("ControllerID", at: 0, 2)
            Item("FirmwareActivation", at: 2, 1)
            Item("OperationInProgress", at: 3, 1)
            Item("ControllerPowerCycle", at: 16, 4)
            Item("PowerOnMilliseconds", at: 20, 8)
            Item("Timestamp", at: 28, 6)
            Item("TimestampAttributes", at: 34, 1)
        }
    }

    private static var vendorEvent: Record {
        Record("Vendor Specific Event Descriptor", size: 6) {
            Item("Code", at: 0, 2)
            Item(
                "DataType",
                at: 2,
                codes: [1: "EventName", 2: "ASCIIString", 3: "Binary", 4: "SignedInteger"]
            )
            Item("UUIDIndex", at: 3, 1)
            Item("Data", at: 6, bytes: .told(at: 4, 2))
        }
    }

    private static var hardwareErrors: KeyValuePairs<UInt8, String> {
        [
            0x01: "PCIeCorrectable", 0x02: "PCIeUncorrectableNonFatal",
            0x03: "PCIeUncorrectableFatal", 0x04: "PCIeLinkStatusChange",
            0x05: "PCIeLinkNotActive", 0x06: "CriticalWarningCondition",
            0x07: "EnduranceGroupCriticalWarning", 0x08: "UnsafeShutdown",
            0x09: "ControllerFatalStatus", 0x0A: "MediaAndDataIntegrityStatus",
            0x0B: "ControllerReadyTimeoutExceeded",
        ]
    }
}
