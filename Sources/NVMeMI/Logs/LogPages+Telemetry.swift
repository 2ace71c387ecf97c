extension LogPages {
    /// What the vendor reads, and the boot partitions.
    static var telemetry: [LogPageDeclaration] {
        [
            LogPageDeclaration(
                0x07,
                .told(512) { telemetryLength($0) },
                specificFields: [
                    LogPageSpecificField(0, "Read"),
                    LogPageSpecificField(1, "Create", isAction: true),
                ],
                changeCounter: 381..<382
            ) {
                Record("Telemetry Host-Initiated", size: 512) {
                    Item("OrganizationallyUniqueIdentifier", at: 5, 3)
                    Item("DataArea1LastBlock", at: 8, 2)
                    Item("DataArea2LastBlock", at: 10, 2)
                    Item("DataArea3LastBlock", at: 12, 2)
                    Item("DataArea4LastBlock", at: 16, 4)
                    Item("Scope", at: 380, codes: telemetryScope)
                    Item("GenerationNumber", at: 381, 1)
                    Item("ControllerDataAvailable", at: 382, bit: 0)
                    Item("ControllerGenerationNumber", at: 383, 1)
                    Item("ReasonIdentifier", at: 384, bytes: 128)
                }
            },
            LogPageDeclaration(0x08, .told(512) { telemetryLength($0) }, changeCounter: 383..<384) {
                Record("Telemetry Controller-Initiated", size: 512) {
                    Item("OrganizationallyUniqueIdentifier", at: 5, 3)
                    Item("DataArea1LastBlock", at: 8, 2)
                    Item("DataArea2LastBlock", at: 10, 2)
                    Item("DataArea3LastBlock", at: 12, 2)
                    Item("DataArea4LastBlock", at: 16, 4)
                    Item("Scope", at: 381, codes: telemetryScope)
                    Item("DataAvailable", at: 382, bit: 0)
                    Item("GenerationNumber", at: 383, 1)
                    Item("ReasonIdentifier", at: 384, bytes: 128)
                }
            },
            LogPageDeclaration(
                0x15,
                .told(16) { 16 + ($0.number(at: 4, 4) & 0x7FFF) * 0x2_0000 },
                specificFields: [
                    LogPageSpecificField(0, "BootPartition0"),
                    LogPageSpecificField(1, "BootPartition1"),
                ]
            ) {
                Record("Boot Partition", size: 16) {
                    Item("BootPartitionSize", at: 4, bits: 0...14, .times(0x2_0000))
                    Item("ActiveBootPartition", at: 4, bits: 31...31)
                }
            },
        ]
    }

    private static var telemetryScope: KeyValuePairs<UInt8, String> {
        [0: "NotReported", 1: "Controller", 2: "NVMSubsystem"]
    }

    /// The header and the blocks up to the last of the data areas.
    private static func telemetryLength(_ page: RecordView) -> UInt64 {
        let last = max(
            page.number(at: 8, 2),
            page.number(at: 10, 2),
            page.number(at: 12, 2),
            page.number(at: 16, 4)
        )
        return 512 * (1 + last)
    }
}
