extension Features {
    /// How commands are taken from queues, and how their end is told.
    static var queues: [FeatureDeclaration] {
        [
            FeatureDeclaration(
                0x01,
                arguments: {
                    [
                        Item("ArbitrationBurst", at: 0, bits: 0...2),
                        Item("LowPriorityWeight", at: 1, 1),
                        Item("MediumPriorityWeight", at: 2, 1),
                        Item("HighPriorityWeight", at: 3, 1),
                    ]
                }
            ),
            FeatureDeclaration(
                0x05,
                isNamespaceSpecific: true,
                arguments: {
                    [
                        Item("TimeLimitedErrorRecovery", at: 0, 2, .times(100)),
                        Item("DeallocatedBlockErrorEnabled", at: 2, bit: 0),
                    ]
                }
            ),
            FeatureDeclaration(0x06, arguments: { [Item("Enabled", at: 0, bit: 0)] }),
            FeatureDeclaration(
                0x07,
                arguments: {
                    [
                        Item("SubmissionQueues", at: 0, 2, .onePlus),
                        Item("CompletionQueues", at: 2, 2, .onePlus),
                    ]
                }
            ),
            FeatureDeclaration(
                0x08,
                arguments: {
                    [
                        Item("AggregationThreshold", at: 0, 1, .onePlus),
                        Item("AggregationTime", at: 1, 1),
                    ]
                }
            ),
            FeatureDeclaration(
                0x09,
                selectors: ["Vector"],
                arguments: {
                    [Item("Vector", at: 0, 2), Item("CoalescingDisabled", at: 2, bit: 0)]
                }
            ),
            FeatureDeclaration(0x0A, arguments: { [Item("Disabled", at: 0, bit: 0)] }),
            FeatureDeclaration(
                0x0B,
                arguments: {
                    [
                        Item("CriticalWarnings", at: 0, 1, flags: CriticalWarnings.names),
                        Item("Notices", at: 1, bits: 0...23, flags: notices),
                    ]
                }
            ),
            // Where a buffer is in the host's memory is the host's to say.
            FeatureDeclaration(
                0x0D,
                isSettable: false,
                dataLength: 4096,
                arguments: {
                    [Item("Enabled", at: 0, bit: 0), Item("MemoryReturn", at: 0, bit: 1)]
                },
                data: {
                    Record("Host Memory Buffer Attributes", size: 4096, minimum: 16) {
                        Item("Size", at: 0, 4)
                        Item("ListAddress", at: 4, 8)
                        Item("ListEntries", at: 12, 4)
                    }
                }
            ),
            FeatureDeclaration(0x0F, arguments: { [Item("Timeout", at: 0, 4)] }),
        ]
    }

    /// The bits of the notices, of which the first is bit 8 of the feature.
    private static var notices: [(bit: Int, name: String)] {
        [
            (0, "NamespaceAttribute"), (1, "FirmwareActivation"), (2, "TelemetryLog"),
            (3, "AsymmetricNamespaceAccess"), (4, "PredictableLatency"), (5, "LBAStatus"),
            (6, "EnduranceGroup"), (7, "NormalSubsystemShutdown"), (8, "TemperatureHysteresis"),
            (9, "ReachabilityGroup"), (10, "ReachabilityAssociation"),
            (11, "AllocatedNamespaceAttribute"), (19, "ZoneDescriptor"), (23, "Discovery"),
        ]
    }
}
