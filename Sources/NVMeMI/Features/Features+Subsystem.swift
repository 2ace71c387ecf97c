extension Features {
    /// NVM sets, endurance groups, and what concerns the whole subsystem.
    static var subsystem: [FeatureDeclaration] {
        [
            FeatureDeclaration(
                0x12,
                selectors: ["NVMSetID"],
                arguments: {
                    [Item("NVMSetID", at: 0, 2), Item("ReadRecoveryLevel", at: 4, bits: 0...3)]
                },
                result: { [Item("ReadRecoveryLevel", at: 0, bits: 0...3)] }
            ),
            FeatureDeclaration(
                0x13,
                selectors: ["NVMSetID"],
                dataLength: 512,
                arguments: {
                    [Item("NVMSetID", at: 0, 2), Item("Enabled", at: 4, bit: 0)]
                },
                result: { [Item("Enabled", at: 0, bit: 0)] },
                data: {
                    Record("Deterministic Threshold Configuration", size: 512) {
                        Item(
                            "Events",
                            at: 0,
                            2,
                            flags: LogPages.predictableLatencyEvents
                        )
                        Item("DeterministicWindowReadsThreshold", at: 32, 8)
                        Item("DeterministicWindowWritesThreshold", at: 40, 8)
                        Item("DeterministicWindowTimeThreshold", at: 48, 8)
                    }
                }
            ),
            FeatureDeclaration(
                0x14,
                selectors: ["NVMSetID"],
                arguments: {
                    [
                        Item("NVMSetID", at: 0, 2),
                        Item("Window", at: 4, bits: 0...2, codes: windows),
                    ]
                },
                result: { [Item("Window", at: 0, bits: 0...2, codes: windows)] }
            ),
            FeatureDeclaration(
                0x17,
                arguments: { [Item("NoDeallocateResponseModeWarning", at: 0, bit: 0)] }
            ),
            FeatureDeclaration(
                0x18,
                selectors: ["EnduranceGroupID"],
                arguments: {
                    [
                        Item("EnduranceGroupID", at: 0, 2),
                        Item("CriticalWarnings", at: 2, 1, flags: EnduranceGroupWarnings.names),
                    ]
                }
            ),
            FeatureDeclaration(0x19, arguments: { [Item("Combination", at: 0, bits: 0...8)] }),
            FeatureDeclaration(0x1A, arguments: { [Item("Enabled", at: 0, bit: 0)] }),
            FeatureDeclaration(
                0x1B,
                arguments: {
                    [
                        Item(
                            "Mode",
                            at: 0,
                            bits: 0...1,
                            codes: [
                                0: "Disabled", 1: "EmergencyPowerFail", 2: "ForcedQuiescence",
                            ]
                        )
                    ]
                }
            ),
            FeatureDeclaration(
                0x1D,
                selectors: ["EnduranceGroupID"],
                arguments: {
                    [
                        Item("EnduranceGroupID", at: 0, 2), Item("Enabled", at: 4, bit: 0),
                        Item("Configuration", at: 5, 1),
                    ]
                },
                result: { [Item("Enabled", at: 0, bit: 0), Item("Configuration", at: 1, 1)] }
            ),
            // Setting takes a list of events of which all become enabled, or none.
            FeatureDeclaration(
                0x1E,
                isNamespaceSpecific: true,
                isSettable: false,
                selectors: ["PlacementHandle", "EventCount"],
                dataLength: 512,
                arguments: {
                    [Item("PlacementHandle", at: 0, 2), Item("EventCount", at: 2, 1)]
                },
                result: { [Item("EventCount", at: 0, 1)] },
                dataForResult: { result in
                    let count = result.int(at: 0, 1)
                    let event = Record("Supported FDP Event Descriptor", size: 2) {
                        Item("Type", at: 0, codes: LogPages.placementEvents)
                        Item("Enabled", at: 1, bit: 0)
                    }
                    return Record("Supported FDP Events", size: 512, minimum: 2) {
                        Item("Events", at: 0, rows: event, .fixed(count))
                    }
                }
            ),
        ]
    }

    private static var windows: KeyValuePairs<UInt8, String> {
        [1: "Deterministic", 2: "NonDeterministic"]
    }
}
