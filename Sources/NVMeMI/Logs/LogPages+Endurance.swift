extension LogPages {
    /// Endurance groups, NVM sets and the media they consist of.
    static var endurance: [LogPageDeclaration] {
        [
            LogPageDeclaration(0x09, .fixed(512), selectors: .enduranceGroup) {
                Record("Endurance Group Information", size: 512) {
                    Item("CriticalWarnings", at: 0, 1, flags: EnduranceGroupWarnings.names)
                    Item("Features", at: 1, 1)
                    Item("AvailableSpare", at: 3, 1)
                    Item("AvailableSpareThreshold", at: 4, 1)
                    Item("PercentageUsed", at: 5, 1)
                    Item("DomainID", at: 6, 2)
                    Item("EnduranceEstimate", at: 32, 16)
                    Item("DataUnitsRead", at: 48, 16)
                    Item("DataUnitsWritten", at: 64, 16)
                    Item("MediaUnitsWritten", at: 80, 16)
                    Item("HostReadCommands", at: 96, 16)
                    Item("HostWriteCommands", at: 112, 16)
                    Item("MediaErrors", at: 128, 16)
                    Item("ErrorLogEntries", at: 144, 16)
                    Item("TotalCapacity", at: 160, 16)
                    Item("UnallocatedCapacity", at: 176, 16)
                }
            },
            LogPageDeclaration(0x0A, .fixed(512), selectors: .nvmSet) {
                Record("Predictable Latency Per NVM Set", size: 512) {
                    Item(
                        "Status",
                        at: 0,
                        bits: 0...2,
                        codes: [
                            0: "Disabled", 1: "DeterministicWindow", 2: "NonDeterministicWindow",
                        ]
                    )
                    Item("Events", at: 2, 2, flags: predictableLatencyEvents)
                    Item("DeterministicWindowTypicalReads", at: 32, 8)
                    Item("DeterministicWindowTypicalWrites", at: 40, 8)
                    Item("DeterministicWindowMaximumTime", at: 48, 8)
                    Item("NonDeterministicWindowMinimumTimeHigh", at: 56, 8)
                    Item("NonDeterministicWindowMinimumTimeLow", at: 64, 8)
                    Item("DeterministicWindowReadsEstimate", at: 128, 8)
                    Item("DeterministicWindowWritesEstimate", at: 136, 8)
                    Item("DeterministicWindowTimeEstimate", at: 144, 8)
                }
            },
            LogPageDeclaration(0x0B, .told(8) { aggregate($0) }) {
                Record("Predictable Latency Event Aggregate", size: 8) {
                    Item("NVMSets", at: 8, numbers: 2, .told(at: 0, 8))
                }
            },
            LogPageDeclaration(0x0F, .told(8) { aggregate($0) }) {
                Record("Endurance Group Event Aggregate", size: 8) {
                    Item("EnduranceGroups", at: 8, numbers: 2, .told(at: 0, 8))
                }
            },
            LogPageDeclaration(0x10, .told(16) { mediaUnits($0) }, selectors: .domain) {
                // 14 bytes as the common tools have it; a list of channels makes it longer (unverified).
                let unit = Record("Media Unit Status Descriptor", size: 14) {
                    Item("MediaUnitID", at: 0, 2)
                    Item("DomainID", at: 2, 2)
                    Item("EnduranceGroupID", at: 4, 2)
                    Item("NVMSetID", at: 6, 2)
                    Item("CapacityAdjustmentFactor", at: 8, 2)
                    Item("AvailableSpare", at: 10, 1)
                    Item("PercentageUsed", at: 11, 1)
                    Item("ChannelCount", at: 12, 1)
                    Item("ChannelOffset", at: 13, 1, .nonZero)
                }
                return Record("Media Unit Status", size: 16) {
                    Item("ChannelCount", at: 2, 2)
                    Item("SelectedConfiguration", at: 4, 2)
                    Item("MediaUnits", at: 16, rows: unit, .told(at: 0, 2)) { row, _ in
                        mediaUnit(row)
                    }
                }
            },
            LogPageDeclaration(0x16, .fixed(512), selectors: .enduranceGroup) {
                Record("Rotational Media Information", size: 512) {
                    Item("EnduranceGroupID", at: 0, 2)
                    Item("NumberOfActuators", at: 2, 2)
                    Item("NominalRotationalSpeed", at: 4, 2, .nonZero)
                    Item("SpinupCount", at: 8, 4)
                    Item("FailedSpinupCount", at: 12, 4)
                    Item("LoadCount", at: 16, 4)
                    Item("FailedLoadCount", at: 20, 4)
                }
            },
        ]
    }

    /// What makes a window of predictable latency end.
    static var predictableLatencyEvents: [(bit: Int, name: String)] {
        [
            (0, "ReadsWarning"), (1, "WritesWarning"), (2, "TimeWarning"),
            (14, "TypicalOrMaximumExceeded"), (15, "DeterministicExcursion"),
        ]
    }

    /// The length of a count of 8 bytes and as many identifiers of 2.
    private static func aggregate(_ page: RecordView) -> UInt64 {
        8 + 2 * min(page.number(at: 0, 8), 0x1_0000)
    }

    private static func mediaUnits(_ page: RecordView) -> UInt64 {
        var place = 16
        let count = page.int(at: 0, 2)
        for index in 0..<count {
            guard place + 14 <= page.count else { return UInt64(place + 14 * (count - index)) }
            place += mediaUnit(page.part(at: place))
        }
        return UInt64(place)
    }

    /// Bytes of a descriptor with its list of channels.
    private static func mediaUnit(_ row: RecordView) -> Int {
        let channels = row.int(at: 12, 1)
        return channels == 0 ? 14 : max(14, row.int(at: 13, 1) + 2 * channels)
    }
}
