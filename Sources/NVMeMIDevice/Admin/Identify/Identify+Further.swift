internal import NVMeMI

/// The structures of Identify that not every drive has, by their numbers (CNS).
extension AdminContext {
    private var isVersion2: Bool { drive.description.nvmeVersion >= 0x0002_0000 }
    private var isVersion21: Bool { drive.description.nvmeVersion >= 0x0002_0100 }

    /// I/O command set that is meant; the NVM command set (0) is the only one.
    private func requireCommandSet() throws(AdminFailure) {
        guard bits(24...31, of: 11) == 0 else {
            throw .failed(NVMeStatus(codeType: 1, code: 0x2C), location: 47)
        }
    }

    func furtherStructure(
        _ structure: IdentifyStructure,
        _ subject: UInt16
    ) throws(AdminFailure) -> [UInt8] {
        let argument = UInt16(bits(0...15, of: 11))
        switch structure.rawValue {
        case 0x04 where drive.has(.sets): return setList(from: argument)
        case 0x05 where isVersion2: return try commandSetNamespace(mustBeAttached: true)
        case 0x06 where isVersion2:
            try requireCommandSet()
            return commandSetController
        case 0x07 where isVersion2:
            try requireCommandSet()
            return try namespaceList { self.isActive($0) }
        case 0x08 where isVersion2: return try independentNamespace(mustBeAttached: true)
        case 0x09 where isVersion2: return try userDataFormat(argument)
        case 0x0A where isVersion2:
            try requireCommandSet()
            return try userDataFormat(argument, isCommandSet: true)
        case 0x14 where drive.has(.virtualization): return primaryCapabilities
        case 0x15 where drive.has(.virtualization): return secondaryControllers(from: subject)
        case 0x16 where drive.has(.granularity): return granularities
        case 0x17 where drive.has(.uuidList): return uuids
        case 0x18 where drive.has(.domains): return domains(from: argument)
        case 0x19 where drive.has(.enduranceGroups): return groupList(from: argument)
        case 0x1A where isVersion2:
            try requireNamespaceManagement()
            try requireCommandSet()
            return try namespaceList { _ in true }
        case 0x1B where isVersion2:
            try requireNamespaceManagement()
            return try commandSetNamespace(mustBeAttached: false)
        // One combination, with the NVM command set alone.
        case 0x1C where isVersion2: return [1, 0, 0, 0, 0, 0, 0, 0]
        // No namespace lies beneath an exported one, and nothing is exported.
        case 0x1D where isVersion21: return []
        case 0x1E where isVersion21: return ports
        case 0x1F where isVersion2: return try independentNamespace(mustBeAttached: false)
        // No format of a controller's state.
        case 0x20 where isVersion21: return []
        default: throw .invalidField(dword: 10)
        }
    }

    /// A namespace that exists, or zeroes for one that could.
    private func subject(mustBeAttached: Bool) throws(AdminFailure) -> NamespaceState? {
        guard (1...drive.description.maximumNamespaces).contains(command.namespace) else {
            throw .invalidNamespace
        }
        guard let namespace = drive.namespaces[command.namespace],
            !mustBeAttached || isActive(namespace)
        else { return nil }
        return namespace
    }

    /// Namespace of the NVM command set (05h, 1Bh): storage tags and formats beyond the first structure's.
    private func commandSetNamespace(mustBeAttached: Bool) throws(AdminFailure) -> [UInt8] {
        try requireCommandSet()
        guard command.namespace != Self.broadcast else { return ByteImage(size: 4_096).bytes }
        guard try subject(mustBeAttached: mustBeAttached) != nil else { return [] }
        var image = ByteImage(size: 4_096)
        image.put(UInt32(0), at: 8)
        return image.bytes
    }

    /// Controller of the NVM command set (06h): limits of its commands.
    private var commandSetController: [UInt8] {
        var image = ByteImage(size: 4_096)
        // Greatest sizes of Verify and Write Zeroes as powers of two, and ranges of Dataset Management.
        image.put([8, 8, 0, 255], at: 0)
        image.put(UInt32(65_536), at: 4)
        image.put(UInt64(1) << 24, at: 8)
        image.put(UInt32(0x0001_0000), at: 20)
        return image.bytes
    }

    /// What a namespace is, whatever its command set (08h, 1Fh).
    private func independentNamespace(mustBeAttached: Bool) throws(AdminFailure) -> [UInt8] {
        guard let namespace = try subject(mustBeAttached: mustBeAttached) else { return [] }
        var image = ByteImage(size: 4_096)
        image.put(UInt8(0x08), at: 0)
        image.put(namespace.isShared ? UInt8(1) : 0, at: 1)
        image.put(UInt8(0x80), at: 3)
        image.put(drive.has(.asymmetricAccess) ? namespace.accessGroup : 0, at: 4)
        image.put(namespace.isWriteProtected ? UInt8(1) : 0, at: 8)
        image.put(namespace.nvmSet, at: 10)
        image.put(namespace.enduranceGroup, at: 12)
        // It is ready.
        image.put(UInt8(1), at: 14)
        return image.bytes
    }

    /// What is common to namespaces of a format (09h), or its part for the command set (0Ah).
    private func userDataFormat(
        _ format: UInt16,
        isCommandSet: Bool = false
    ) throws(AdminFailure) -> [UInt8] {
        guard Int(format) < drive.description.formats.count else { throw .invalidField(dword: 11) }
        return isCommandSet ? ByteImage(size: 4_096).bytes : commonNamespace.data
    }

    /// NVM sets (04h), from an identifier on.
    private func setList(from first: UInt16) -> [UInt8] {
        let sets = drive.media.sets.filter { $0.identifier >= first }
        var image = ByteImage(size: 128)
        image.put(UInt8(clamping: sets.count), at: 0)
        for set in sets {
            var entry = ByteImage(size: 128)
            entry.put(set.identifier, at: 0)
            entry.put(set.group, at: 2)
            entry.put(UInt32(100), at: 8)
            entry.put(UInt32(131_072), at: 12)
            entry.put(set.capacity, at: 16)
            entry.put(drive.unallocated(in: (set.identifier, set.group)), at: 32)
            image.append(entry.bytes)
        }
        return image.bytes
    }

    /// Endurance groups (19h), from an identifier on.
    private func groupList(from first: UInt16) -> [UInt8] {
        let groups = drive.media.groups.filter { $0.identifier >= first }
        return ([UInt16(clamping: groups.count)] + groups.map(\.identifier)).flatMap(littleEndian)
    }

    /// Domains (18h), from an identifier on: the only one.
    private func domains(from first: UInt16) -> [UInt8] {
        var image = ByteImage(size: 256)
        guard first <= 1 else { return image.bytes }
        image.put(UInt8(1), at: 0)
        image.put(UInt16(1), at: 128)
        image.put(drive.description.capacity, at: 128 + 16)
        image.put(drive.unallocatedCapacity, at: 128 + 32)
        image.put(drive.description.capacity, at: 128 + 48)
        return image.bytes
    }

    /// Granularities of a namespace's size and capacity (16h), for each format.
    private var granularities: [UInt8] {
        let formats = drive.description.formats.prefix(16)
        var image = ByteImage(size: 32 + 16 * 16)
        image.put(UInt8(formats.count - 1), at: 4)
        for index in formats.indices {
            image.put(UInt64(1) << 30, at: 32 + 16 * index)
            image.put(UInt64(1) << 30, at: 32 + 16 * index + 8)
        }
        return image.bytes
    }

    /// UUIDs that vendor specific commands can refer to (17h): one of the vendor's own.
    private var uuids: [UInt8] {
        var image = ByteImage(size: 64)
        image.put(UInt8(1), at: 32)
        image.put(DeviceUUID(derivedFrom: "vendor").bytes, at: 48)
        return image.bytes
    }

    /// Ports (1Eh) of the subsystem, which the specification gives the layout of a list.
    private var ports: [UInt8] {
        let pcie = drive.description.ports.filter { $0.kind == .pcie }
        var image = ByteImage(size: 8)
        image.put(UInt16(clamping: pcie.count), at: 0)
        return image.bytes
    }
}
