internal import NVMeMI

/// Log pages that discovery controllers have (70h to 73h): headers without entries, but for the subsystem itself.
extension AdminContext {
    /// Discovery (70h): the subsystem that answers.
    var discoveryLog: [UInt8] {
        var image = ByteImage(size: 2_048)
        image.put(UInt64(1), at: 0)
        image.put(UInt64(1), at: 8)
        // An entry: PCIe, the current discovery subsystem, port 0, and its name.
        image.put([0, 0, 3, 0], at: 1_024)
        image.put(UInt16(0), at: 1_024 + 4)
        image.put(controllerIdentifier, at: 1_024 + 6)
        image.put(Array(drive.description.qualifiedName.utf8.prefix(255)), at: 1_024 + 256)
        return image.bytes
    }

    /// Host Discovery (71h) and AVE Discovery (72h): nobody.
    var emptyDiscovery: [UInt8] {
        var image = ByteImage(size: 1_024)
        image.put(UInt64(1), at: 0)
        image.put(UInt32(1_024), at: 20)
        return image.bytes
    }

    /// Pull Model DDC Request (73h): nothing is requested.
    var pullRequest: [UInt8] {
        var image = ByteImage(size: 8)
        image.put(UInt32(8), at: 4)
        return image.bytes
    }
}
