extension Features {
    /// What hosts tell the drive of themselves, and where those who manage it are.
    static var host: [FeatureDeclaration] {
        [
            FeatureDeclaration(
                0x16,
                dataLength: 512,
                data: {
                    Record("Host Behavior Support", size: 512) {
                        Item("AdvancedCommandRetry", at: 0, bit: 0)
                        Item("ExtendedTelemetryDataArea4", at: 1, bit: 0)
                        Item("LBAFormatExtension", at: 2, bit: 0)
                        Item("HostDispersedNamespaces", at: 3, bit: 0)
                        Item("CopyDescriptorFormats", at: 4, 2)
                    }
                }
            ),
            FeatureDeclaration(
                0x1C,
                selectors: ["AttributeIndex", "RevertVendorSpecific"],
                dataLength: 4096,
                arguments: {
                    [
                        Item("AttributeIndex", at: 0, 1),
                        Item("RevertVendorSpecific", at: 0, bit: 8),
                    ]
                },
                result: { [] },
                data: {
                    Record("Performance Characteristics", size: 4096) {
                        Item("Random4KAverageReadLatency", at: 4, 1)
                        Item("Attribute", at: 0, bytes: 4096)
                    }
                }
            ),
            FeatureDeclaration(0x78, dataLength: 512, data: { managementAddress }),
            FeatureDeclaration(0x79, dataLength: 512, data: { managementAddress }),
            metadata(0x7D, codes: controllerMetadata),
            metadata(0x7E, codes: controllerMetadata),
            metadata(0x7F, isNamespaceSpecific: true, codes: namespaceMetadata),
            FeatureDeclaration(0x80, arguments: { [Item("PreBootSoftwareLoadCount", at: 0, 1)] }),
            FeatureDeclaration(
                0x81,
                selectors: ["Extended"],
                dataLength: 16,
                dataLengthForArguments: { $0.number(at: 0, 1) & 1 == 0 ? 8 : 16 },
                arguments: { [Item("Extended", at: 0, bit: 0)] },
                data: {
                    Record("Host Identifier", size: 8) {
                        Item("HostIdentifier", at: 0, bytes: .toEnd)
                    }
                }
            ),
        ]
    }

    private static var managementAddress: Record {
        Record("Management Agent Address", size: 512) { Item("Address", at: 0, utf8: 512) }
    }

    private static func metadata(
        _ code: UInt8,
        isNamespaceSpecific: Bool = false,
        codes: KeyValuePairs<UInt8, String>
    ) -> FeatureDeclaration {
        FeatureDeclaration(
            code,
            isNamespaceSpecific: isNamespaceSpecific,
            dataLength: 4096,
            arguments: {
                [
                    // (unverified)
                    Item(
                        "ElementAction",
                        at: 0,
                        bits: 13...14,
                        codes: [0: "AddOrReplace", 1: "Delete", 2: "AddMultiple"]
                    )
                ]
            },
            result: { [] },
            data: {
                let element = Record("Metadata Element Descriptor", size: 4) {
                    Item("Type", at: 0, bits: 0...5, codes: codes)
                    Item("Revision", at: 1, bits: 0...3)
                    Item("Value", at: 4, text: .told(at: 2, 2))
                }
                return Record("Host Metadata", size: 2) {
                    Item("Elements", at: 2, rows: element, .told(at: 0, 1)) { row, _ in
                        4 + row.int(at: 2, 2)
                    }
                }
            }
        )
    }

    private static var controllerMetadata: KeyValuePairs<UInt8, String> {
        [
            0x01: "OperatingSystemControllerName", 0x02: "OperatingSystemDriverName",
            0x03: "OperatingSystemDriverVersion", 0x04: "PreBootControllerName",
            0x05: "PreBootDriverName", 0x06: "PreBootDriverVersion",
            0x07: "SystemProcessorModel", 0x08: "ChipsetDriverName",
            0x09: "ChipsetDriverVersion", 0x0A: "OperatingSystemNameAndBuild",
            0x0B: "SystemProductName", 0x0C: "FirmwareVersion",
            0x0D: "OperatingSystemDriverFilename", 0x0E: "DisplayDriverName",
            0x0F: "DisplayDriverVersion", 0x10: "HostDeterminedFailureRecord",
        ]
    }

    private static var namespaceMetadata: KeyValuePairs<UInt8, String> {
        [
            1: "OperatingSystemNamespaceName", 2: "PreBootNamespaceName",
            3: "OperatingSystemNamespaceQualifier1", 4: "OperatingSystemNamespaceQualifier2",
        ]
    }
}
