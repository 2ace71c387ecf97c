internal import NVMeMI

/// Log pages about what surrounds the media: lockdown, boot partitions, addresses, receivers, and the vendor's own.
extension AdminContext {
    /// Command and Feature Lockdown (14h): what can be prohibited, or what is.
    func lockdownList() throws(AdminFailure) -> [UInt8] {
        let (scope, contents) = (UInt8(bits(8...11, of: 10)), UInt8(bits(12...13, of: 10)))
        guard let kind = Lockdown.Scope(rawValue: scope) else {
            throw .invalidField(dword: 10, byte: 1)
        }
        let codes: [UInt8]
        switch contents {
        case 0: codes = drive.lockable(kind)
        // Prohibited through the Admin queue, or out of band: the drive knows no difference.
        case 1, 2: codes = drive.lockdown.codes(kind)
        default: throw .invalidField(dword: 10, byte: 1)
        }
        var image = ByteImage(size: 512)
        image.put(scope | contents << 4, at: 0)
        image.put(UInt8(clamping: codes.count), at: 3)
        image.put(Array(codes.prefix(255)), at: 4)
        return image.bytes
    }

    /// Boot Partition (15h): a header and the partition that the command chooses.
    func bootPartition() -> AdminResult {
        let partition = drive.firmware.bootPartitions[Int(bits(8...8, of: 10))]
        var image = ByteImage(size: 16)
        image.put(UInt8(0x15), at: 0)
        image.put(
            UInt32(FirmwareState.bootPartitionUnits)
                | UInt32(drive.firmware.activeBootPartition) << 31,
            at: 4
        )
        let header = image.bytes
        return AdminResult(length: 16 + FirmwareState.bootPartitionSize) { range in
            range.map {
                if $0 < 16 { return header[$0] }
                return $0 - 16 < partition.count ? partition[$0 - 16] : 0
            }
        }
    }

    /// Management Address List (18h): an agent of the subsystem's.
    var managementAddresses: [UInt8] {
        var image = ByteImage(size: 4_096)
        image.put(UInt8(1), at: 0)
        image.put(Array("https://192.0.2.7/redfish/v1".utf8), at: 4)
        return image.bytes
    }

    /// Physical Interface Receiver Eye Opening Measurement (19h): no measurement has been made.
    func eyeOpening() throws(AdminFailure) -> [UInt8] {
        guard drive.controllerIndex(UInt16(bits(16...31, of: 11))) != nil else {
            throw .invalidField(dword: 11, byte: 2)
        }
        var image = ByteImage(size: 64)
        image.put(UInt8(0x19), at: 0)
        image.put(UInt16(64), at: 2)
        return image.bytes
    }

    /// A page of the vendor's (C0h): what the drive has counted of requests, as dwords.
    var vendorLog: [UInt8] {
        var image = ByteImage(size: 512)
        image.put(UInt32(truncatingIfNeeded: drive.statistics.answers), at: 0)
        image.put(UInt32(truncatingIfNeeded: drive.statistics.dropped), at: 4)
        image.put(UInt32(truncatingIfNeeded: drive.statistics.resets), at: 8)
        return image.bytes
    }
}
