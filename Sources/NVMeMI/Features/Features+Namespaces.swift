extension Features {
    /// Namespaces, their blocks and who may change them.
    static var namespaces: [FeatureDeclaration] {
        [
            FeatureDeclaration(
                0x03,
                isNamespaceSpecific: true,
                dataLength: 4096,
                arguments: { [Item("RangeCount", at: 0, bits: 0...5, .onePlus)] },
                data: {
                    let range = Record("LBA Range", size: 64) {
                        Item(
                            "Type",
                            at: 0,
                            codes: [
                                0: "Reserved", 1: "Filesystem", 2: "RAID", 3: "Cache", 4: "Swap",
                            ]
                        )
                        Item("Attributes", at: 1, 1, flags: [(0, "Temporary"), (1, "Hidden")])
                        Item("StartingLBA", at: 16, 8)
                        Item("NumberOfLogicalBlocks", at: 24, 8, .onePlus)
                        Item("UniqueIdentifier", at: 32, digits: 16)
                    }
                    return Record("LBA Range Type", size: 4096, minimum: 64) {
                        Item("Ranges", at: 0, rows: range, .fixed(64), where: { $0.isInUse })
                    }
                }
            ),
            FeatureDeclaration(
                0x15,
                arguments: {
                    [Item("ReportInterval", at: 0, 2), Item("PollInterval", at: 2, 2)]
                }
            ),
            FeatureDeclaration(
                0x20,
                arguments: { [Item("ErrorOnDeleteOfMissingKey", at: 0, bit: 0)] }
            ),
            FeatureDeclaration(
                0x82,
                isNamespaceSpecific: true,
                arguments: {
                    [
                        Item(
                            "Masked",
                            at: 0,
                            4,
                            flags: [
                                (1, "RegistrationPreempted"), (2, "ReservationReleased"),
                                (3, "ReservationPreempted"),
                            ]
                        )
                    ]
                }
            ),
            FeatureDeclaration(
                0x83,
                isNamespaceSpecific: true,
                arguments: { [Item("PersistThroughPowerLoss", at: 0, bit: 0)] }
            ),
            FeatureDeclaration(
                0x84,
                isNamespaceSpecific: true,
                arguments: {
                    [
                        Item(
                            "State",
                            at: 0,
                            bits: 0...2,
                            codes: [
                                0: "NoWriteProtect", 1: "WriteProtect",
                                2: "WriteProtectUntilPowerCycle", 3: "PermanentWriteProtect",
                            ]
                        )
                    ]
                }
            ),
            FeatureDeclaration(
                0x1F,
                isNamespaceSpecific: true,
                dataLength: 256,
                data: {
                    Record("Namespace Admin Label", size: 256) {
                        Item("Label", at: 0, utf8: 256)
                    }
                }
            ),
            FeatureDeclaration(
                0x85,
                arguments: {
                    [
                        Item("BootPartition0", at: 0, bits: 0...2, codes: bootPartitionStates),
                        Item("BootPartition1", at: 0, bits: 3...5, codes: bootPartitionStates),
                    ]
                }
            ),
        ]
    }

    private static var bootPartitionStates: KeyValuePairs<UInt8, String> {
        [
            0: "NoChange", 1: "WriteUnlocked", 2: "WriteLocked", 3: "WriteLockedUntilPowerCycle",
            4: "ControlledByRPMB",
        ]
    }
}

extension RecordView {
    /// True when any byte is not zero.
    fileprivate var isInUse: Bool { bytes(at: 0).contains { $0 != 0 } }
}
