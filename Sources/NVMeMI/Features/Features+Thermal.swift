extension Features {
    /// Power and temperature.
    static var thermal: [FeatureDeclaration] {
        [
            FeatureDeclaration(
                0x02,
                arguments: {
                    [
                        Item("PowerState", at: 0, bits: 0...4),
                        Item("WorkloadHint", at: 0, bits: 5...7),
                    ]
                }
            ),
            FeatureDeclaration(
                0x04,
                selectors: ["Sensor", "Threshold"],
                arguments: {
                    [
                        Item("Temperature", at: 0, 2, .celsius),
                        Item("Sensor", at: 0, bits: 16...19),
                        Item(
                            "Threshold",
                            at: 0,
                            bits: 20...21,
                            codes: [0: "OverTemperature", 1: "UnderTemperature"]
                        ),
                        Item("Hysteresis", at: 0, bits: 22...24),
                    ]
                }
            ),
            FeatureDeclaration(
                0x0C,
                dataLength: 256,
                arguments: { [Item("Enabled", at: 0, bit: 0)] },
                data: {
                    let transition = Record("Autonomous Power State Transition", size: 8) {
                        Item("IdlePowerState", at: 0, bits: 3...7)
                        Item("IdleTime", at: 0, bits: 8...31)
                    }
                    return Record("Autonomous Power State Transitions", size: 256) {
                        Item("Transitions", at: 0, rows: transition, .fixed(32))
                    }
                }
            ),
            FeatureDeclaration(
                0x0E,
                dataLength: 8,
                data: {
                    Record("Timestamp", size: 8) {
                        Item("Timestamp", at: 0, 6)
                        Item("Synch", at: 6, bit: 0)
                        Item(
                            "Origin",
                            at: 6,
                            bits: 1...3,
                            codes: [0: "Initialized", 1: "SetFeatures"]
                        )
                    }
                }
            ),
            FeatureDeclaration(
                0x10,
                arguments: {
                    [
                        Item("ThermalManagementTemperature1", at: 2, 2, .celsius),
                        Item("ThermalManagementTemperature2", at: 0, 2, .celsius),
                    ]
                }
            ),
            FeatureDeclaration(
                0x11,
                arguments: { [Item("PermissiveMode", at: 0, bit: 0)] }
            ),
        ]
    }
}
