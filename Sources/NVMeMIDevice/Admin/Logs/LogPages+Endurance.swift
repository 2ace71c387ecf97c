internal import NVMeMI

/// Log pages about endurance groups, NVM sets, media units and capacity configurations.
extension AdminContext {
    /// The identifier that a log page is selected by, LSI.
    private var selected: UInt16 { UInt16(bits(16...31, of: 11)) }

    private func selectedGroup() throws(AdminFailure) -> MediaLayout.Group {
        guard let group = drive.media.group(selected) else {
            throw .invalidField(dword: 11, byte: 2)
        }
        return group
    }

    /// Endurance Group Information (09h).
    func enduranceGroup() throws(AdminFailure) -> [UInt8] {
        let group = try selectedGroup()
        let values = drive.health.values
        let counters = drive.health.counters(at: now)
        var image = ByteImage(size: 512)
        // Of the critical warnings, those that concern media.
        image.put(drive.health.criticalWarning & 0x0D, at: 0)
        image.put(values.availableSpare, at: 3)
        image.put(values.spareThreshold, at: 4)
        image.put(values.percentageUsed, at: 5)
        image.put(drive.has(.domains) ? UInt16(1) : 0, at: 6)
        // Endurance estimate and what hosts and media wrote, in billions of bytes.
        let billions = { (units: UInt64) in units / 1_953 }
        image.put(UInt64(7_000_000), at: 32)
        image.put(billions(counters.dataUnitsRead), at: 48)
        image.put(billions(counters.dataUnitsWritten), at: 64)
        image.put(billions(counters.dataUnitsWritten) * 12 / 10, at: 80)
        image.put(counters.hostReads, at: 96)
        image.put(counters.hostWrites, at: 112)
        image.put(values.mediaErrors, at: 128)
        image.put(drive.errorLog.count, at: 144)
        image.put(group.capacity, at: 160)
        image.put(drive.media.unallocated(in: group), at: 176)
        return image.bytes
    }

    /// Predictable Latency Per NVM Set (0Ah): the mode is off, so the page only says what would be typical.
    func predictableLatency() throws(AdminFailure) -> [UInt8] {
        guard drive.media.set(selected) != nil else { throw .invalidField(dword: 11, byte: 2) }
        var image = ByteImage(size: 512)
        for (value, offset) in [
            (10_000, 32), (5_000, 40), (60_000, 48), (1_000, 56), (500, 64),
        ] as [(UInt64, Int)] { image.put(value, at: offset) }
        return image.bytes
    }

    /// Predictable Latency Event Aggregate (0Bh) and Endurance Group Event Aggregate (0Fh): nothing has happened.
    var emptyAggregate: [UInt8] { ByteImage(size: 8).bytes }

    /// Media Unit Status (10h): one unit with all of the media.
    func mediaUnits() throws(AdminFailure) -> [UInt8] {
        try requireDomain()
        var image = ByteImage(size: 32)
        image.put(UInt16(1), at: 0)
        image.put(UInt16(0), at: 2)
        image.put(UInt16(1), at: 4)
        image.put(UInt16(1), at: 18)
        image.put(drive.media.groups.first?.identifier ?? 0, at: 20)
        image.put(drive.media.sets.first?.identifier ?? 0, at: 22)
        image.put(UInt16(100), at: 24)
        image.put(drive.health.values.availableSpare, at: 26)
        image.put(drive.health.values.percentageUsed, at: 27)
        return image.bytes
    }

    /// Supported Capacity Configuration List (11h): one configuration, of one endurance group with one set.
    func capacityConfigurations() throws(AdminFailure) -> [UInt8] {
        try requireDomain()
        var image = ByteImage(size: 16)
        image.put(UInt8(1), at: 0)
        var configuration = ByteImage(size: 32)
        configuration.put(UInt16(1), at: 0)
        configuration.put(UInt16(1), at: 2)
        configuration.put(UInt16(1), at: 4)
        var group = ByteImage(size: 68)
        group.put(UInt16(1), at: 0)
        group.put(UInt16(100), at: 2)
        group.put(drive.description.capacity, at: 16)
        group.put(UInt16(1), at: 64)
        group.put(UInt16(1), at: 66)
        // No channels are told.
        group.append([0, 0])
        image.append(configuration.bytes + group.bytes)
        return image.bytes
    }

    /// Rotational Media Information (16h).
    func rotationalMedia() throws(AdminFailure) -> [UInt8] {
        let group = try selectedGroup()
        var image = ByteImage(size: 512)
        image.put(group.identifier, at: 0)
        image.put(UInt16(2), at: 2)
        image.put(UInt16(7_200), at: 4)
        image.put(UInt32(clamping: drive.health.values.powerCycles), at: 8)
        image.put(UInt32(clamping: drive.health.values.powerCycles), at: 16)
        return image.bytes
    }

    private func requireDomain() throws(AdminFailure) {
        // 0 is the domain of the controller, of which there is only one.
        guard selected <= 1 else { throw .invalidField(dword: 11, byte: 2) }
    }
}
