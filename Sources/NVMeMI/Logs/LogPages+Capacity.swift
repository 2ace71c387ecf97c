extension LogPages {
    /// Ways of dividing the capacity.
    static var capacity: [LogPageDeclaration] {
        [
            LogPageDeclaration(0x11, .told(16) { configurations($0) }, selectors: .domain) {
                Record("Supported Capacity Configuration List", size: 16) {
                    Item("Configurations", at: 16, rows: configuration, .told(at: 0, 1)) { row, _ in
                        configurationSize(row)
                    }
                }
            }
        ]
    }

    private static var configuration: Record {
        Record("Capacity Configuration Descriptor", size: 32) {
            Item("ConfigurationID", at: 0, 2)
            Item("DomainID", at: 2, 2)
            Item("EnduranceGroups", at: 32, rows: enduranceGroup, .told(at: 4, 2)) { row, _ in
                enduranceGroupSize(row)
            }
        }
    }

    private static var enduranceGroup: Record {
        let unit = Record("Media Unit Configuration Descriptor", size: 8) {
            Item("MediaUnitID", at: 0, 2)
            Item("DescriptorLength", at: 6, 2)
        }
        let channel = Record("Channel Configuration Descriptor", size: 4) {
            Item("ChannelID", at: 0, 2)
            Item("MediaUnits", at: 4, rows: unit, .told(at: 2, 2))
        }
        let channels = Record("Channels", size: 2) {
            Item("Channels", at: 2, rows: channel, .told(at: 0, 2)) { row, _ in
                channelSize(row)
            }
        }
        return Record("Endurance Group Configuration Descriptor", size: 82) {
            Item("EnduranceGroupID", at: 0, 2)
            Item("CapacityAdjustmentFactor", at: 2, 2)
            Item("TotalCapacity", at: 16, 16)
            Item("SpareCapacity", at: 32, 16)
            Item("EnduranceEstimate", at: 48, 16)
            Item("NVMSets", at: 82, numbers: 2, .told(at: 80, 2))
            Item("ChannelConfiguration", at: 82, shift: .told(at: 80, 2, times: 2)) { _ in
                channels
            }
        }
    }

    private static func configurations(_ page: RecordView) -> UInt64 {
        var place = 16
        for _ in 0..<page.int(at: 0, 1) {
            let size = configurationSize(page.part(at: place))
            place += size
            if place > page.count { break }
        }
        return UInt64(place)
    }

    // Sizes reach as far as the bytes tell: to the end of what is told last.

    private static func configurationSize(_ row: RecordView) -> Int {
        var place = 32
        for _ in 0..<row.int(at: 4, 2) where place <= row.count {
            place += enduranceGroupSize(row.part(at: place))
        }
        return place
    }

    private static func enduranceGroupSize(_ row: RecordView) -> Int {
        var place = 82 + 2 * row.int(at: 80, 2)
        let channels = row.int(at: place, 2)
        place += 2
        for _ in 0..<channels where place <= row.count {
            place += channelSize(row.part(at: place))
        }
        return place
    }

    private static func channelSize(_ row: RecordView) -> Int { 4 + 8 * row.int(at: 2, 2) }
}
