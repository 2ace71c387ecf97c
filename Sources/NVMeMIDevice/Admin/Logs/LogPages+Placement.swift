internal import NVMeMI

/// Log pages of flexible data placement (20h to 23h), all of which are of an endurance group.
extension AdminContext {
    private func requireGroup() throws(AdminFailure) {
        guard drive.media.group(UInt16(bits(16...31, of: 11))) != nil else {
            throw .invalidField(dword: 11, byte: 2)
        }
    }

    /// FDP Configurations (20h): one, with a reclaim group and two handles.
    func placementConfigurations() throws(AdminFailure) -> [UInt8] {
        try requireGroup()
        let handles = 2
        var configuration = ByteImage(size: 64 + 4 * handles)
        configuration.put(UInt16(64 + 4 * handles), at: 0)
        // The configuration is valid.
        configuration.put(UInt8(0x80), at: 2)
        configuration.put(UInt32(1), at: 4)
        configuration.put(UInt16(handles), at: 8)
        configuration.put(UInt16(handles - 1), at: 10)
        configuration.put(drive.description.maximumNamespaces, at: 12)
        configuration.put(UInt64(1) << 30, at: 16)
        // Each handle is initially isolated.
        for handle in 0..<handles { configuration.put(UInt8(1), at: 64 + 4 * handle) }
        var image = ByteImage(size: 16)
        image.put(UInt8(0), at: 2)
        image.put(UInt32(16 + configuration.bytes.count), at: 4)
        image.append(configuration.bytes)
        return image.bytes
    }

    /// Reclaim Unit Handle Usage (21h): the hosts have named none.
    func handleUsage() throws(AdminFailure) -> [UInt8] {
        try requireGroup()
        var image = ByteImage(size: 8 + 2 * 8)
        image.put(UInt16(2), at: 0)
        return image.bytes
    }

    /// FDP Statistics (22h), in bytes.
    func placementStatistics() throws(AdminFailure) -> [UInt8] {
        try requireGroup()
        let written = drive.health.counters(at: now).dataUnitsWritten &* 512_000
        var image = ByteImage(size: 64)
        image.put(written, at: 0)
        image.put(written / 10 * 12, at: 16)
        image.put(written / 100, at: 32)
        return image.bytes
    }

    /// FDP Events (23h): none.
    func placementEvents() throws(AdminFailure) -> [UInt8] {
        try requireGroup()
        return ByteImage(size: 64).bytes
    }
}
