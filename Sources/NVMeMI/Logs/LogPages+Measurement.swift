extension LogPages {
    /// Power and voltage over time, as NVMe 2.3 and later have them.
    static var measurement: [LogPageDeclaration] {
        [
            LogPageDeclaration(0x25, .told(64) { max(64, $0.number(at: 4, 4)) }) {
                let bin = Record("Power Histogram Descriptor", size: 8) {
                    Item("Count", at: 0, 4)
                    Item("LowerThreshold", at: 4, 2)
                    Item("Scale", at: 6, bits: 0...1, of: PowerScale.nature)
                }
                return Record("Power Measurement", size: 64) {
                    Item("GenerationNumber", at: 1, 1)
                    Item("Attributes", at: 2, bits: 0...11, flags: powerAttributes)
                    Item("Type", at: 2, bits: 12...15)
                    Item("Size", at: 4, 4)
                    Item("Count", at: 8, 4)
                    Item("StopTimeRemaining", at: 14, 2)
                    Item("StopTimestamp", at: 16, 6)
                    Item("StopTimestampAttributes", at: 22, 1)
                    Item("DescriptorSize", at: 24, 2)
                    Item("BinSize", at: 26, 2)
                    Item("DescriptorsSupported", at: 28, 2)
                    Item("VendorSpecificSize", at: 30, 2)
                    Item("OverflowCount", at: 32, 4)
                    Item("AverageIntervalPower", at: 40, 2)
                    Item("AverageIntervalPowerScale", at: 42, bits: 0...1, of: PowerScale.nature)
                    Item("MaximumIntervalPower", at: 44, 2)
                    Item("MaximumIntervalPowerScale", at: 46, bits: 0...1, of: PowerScale.nature)
                    Item("MaximumIntervalPowerTimestamp", at: 48, 6)
                    Item("MaximumIntervalPowerTimestampAttributes", at: 54, 1)
                    Item("PercentError", at: 56, 1, .except(255))
                    Item("Histogram", at: 64, rows: bin, .told(at: 12, 2)) { _, page in
                        page.int(at: 24, 2)
                    }
                }
            },
            LogPageDeclaration(0x27, .told(64) { max(64, $0.number(at: 4, 4)) }) {
                Record("Voltage Measurement", size: 64) {
                    Item("GenerationNumber", at: 0, 1)
                    Item("Attributes", at: 1, 1, flags: [(0, "Enabled"), (1, "Timestamps")])
                    Item("Sensor", at: 1, bits: 2...3, .onePlus)
                    Item("Counted", at: 1, bit: 4)
                    Item("SupplyValue", at: 2, bits: 0...11)
                    Item("SupplyLabel", at: 2, bits: 12...13)
                    Item("SampleScale", at: 2, bits: 14...15)
                    Item("Size", at: 4, 4)
                    Item("MeasurementsSupported", at: 8, 2)
                    Item("StopTimeRemaining", at: 12, 2)
                    Item("StopTimestamp", at: 14, 6)
                    Item("StopTimestampAttributes", at: 20, 1)
                    Item("ControllerID", at: 22, 2)
                    Item("MaximumOvervoltage", at: 32, bits: 0...13)
                    Item("OvervoltageValid", at: 32, bit: 14)
                    Item("OvervoltageCount", at: 34, 2)
                    Item("OvervoltageLogThreshold", at: 36, 2)
                    Item("OvervoltageTimestamp", at: 38, 6)
                    Item("OvervoltageTimestampAttributes", at: 44, 1)
                    Item("OvervoltagePercentError", at: 46, 1, .except(255))
                    Item("MinimumUndervoltage", at: 47, bits: 0...13)
                    Item("UndervoltageValid", at: 47, bit: 14)
                    Item("UndervoltageCount", at: 49, 2)
                    Item("UndervoltageLogThreshold", at: 51, 2)
                    Item("UndervoltageTimestamp", at: 53, 6)
                    Item("UndervoltageTimestampAttributes", at: 59, 1)
                    Item("UndervoltagePercentError", at: 61, 1, .except(255))
                    Item("Measurements", at: 64, numbers: 2, .told(at: 10, 2))
                    Item(
                        "VendorSpecific",
                        at: 64,
                        bytes: .told(at: 24, 2),
                        shift: .told(at: 10, 2, times: 2)
                    )
                }
            },
        ]
    }

    private static var powerAttributes: [(bit: Int, name: String)] {
        [
            (0, "Enabled"), (1, "NonContiguous"), (2, "Estimated"),
            (3, "MaximumTimestampSupported"), (4, "HistogramOverflow"),
        ]
    }
}
