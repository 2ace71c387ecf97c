internal import NVMeMI

/// Identify: every structure has 4096 bytes, of which a requester takes the slice it wants.
extension AdminContext {
    /// Namespace identifier that stands for what all namespaces have in common.
    static let broadcast: UInt32 = 0xFFFF_FFFF

    func identify() throws(AdminFailure) -> AdminResult {
        let wanted = IdentifyStructure(rawValue: UInt8(truncatingIfNeeded: dword(10)))
        var data = try structure(wanted)
        data += Array(repeating: 0, count: Int(Identify.dataSize) - data.count)
        return AdminResult(data: data)
    }

    private func structure(_ wanted: IdentifyStructure) throws(AdminFailure) -> [UInt8] {
        let subject = UInt16(bits(16...31, of: 10))
        if drive.description.takesStructureForFlag, wanted != .namespace { return identity.data }
        switch wanted {
        case .namespace:
            return try namespace(mustBeAttached: true)
        case .controller:
            return identity.data
        case .activeNamespaces:
            return try namespaceList { self.isActive($0) }
        case .namespaceDescriptors where drive.description.nvmeVersion >= 0x0001_0300:
            return try descriptors().data
        case .allocatedNamespaces:
            try requireNamespaceManagement()
            return try namespaceList { _ in true }
        case .allocatedNamespace:
            try requireNamespaceManagement()
            return try namespace(mustBeAttached: false)
        case .attachedControllers:
            try requireNamespaceManagement()
            guard let namespace = drive.namespaces[command.namespace] else {
                throw .invalidNamespace
            }
            return ControllerList(namespace.controllers.filter { $0 >= subject }).paddedData
        case .controllers:
            try requireNamespaceManagement()
            let identifiers = drive.controllers.map(\.identifier)
            return ControllerList(identifiers.filter { $0 >= subject }).paddedData
        default:
            return try furtherStructure(wanted, subject)
        }
    }

    /// The list structures came with namespace management.
    func requireNamespaceManagement() throws(AdminFailure) {
        guard drive.has(.namespaceManagement) else { throw .invalidField(dword: 10) }
    }

    func namespaceList(
        _ isListed: (NamespaceState) -> Bool
    ) throws(AdminFailure) -> [UInt8] {
        // FFFFFFFEh and FFFFFFFFh leave nothing that could follow.
        guard command.namespace <= 0xFFFF_FFFD else { throw .invalidNamespace }
        let identifiers = drive.namespaces.namespaces
            .filter { $0.identifier > command.namespace && isListed($0) }.map(\.identifier)
        return NamespaceList(Array(identifiers.prefix(NamespaceList.capacity))).data
    }

    private func namespace(mustBeAttached: Bool) throws(AdminFailure) -> [UInt8] {
        let identifier = command.namespace
        if identifier == Self.broadcast {
            guard drive.has(.namespaceManagement), mustBeAttached else { throw .invalidNamespace }
            return commonNamespace.data
        }
        guard (1...drive.description.maximumNamespaces).contains(identifier) else {
            throw .invalidNamespace
        }
        guard let namespace = drive.namespaces[identifier],
            !mustBeAttached || isActive(namespace)
        else {
            // An identifier that is valid but not in use gives zeroes, not an error.
            return []
        }
        return identity(of: namespace).data
    }

    private func descriptors() throws(AdminFailure) -> NamespaceDescriptors {
        guard let namespace = drive.namespaces[command.namespace], isActive(namespace) else {
            throw .invalidNamespace
        }
        var descriptors = [
            NamespaceDescriptors.Descriptor(type: .eui64, identifier: namespace.eui64),
            NamespaceDescriptors.Descriptor(type: .nguid, identifier: namespace.nguid),
            NamespaceDescriptors.Descriptor(type: .uuid, identifier: namespace.uuid.bytes),
        ]
        if drive.description.nvmeVersion >= 0x0002_0000 {
            descriptors.append(
                NamespaceDescriptors.Descriptor(type: .ioCommandSet, identifier: [0])
            )
        }
        return NamespaceDescriptors(descriptors)
    }

    /// What all namespaces have in common.
    var commonNamespace: IdentifyNamespace {
        var structure = IdentifyNamespace()
        let formats = drive.description.formats
        structure.greatestLBAFormat = UInt8(clamping: formats.count - 1)
        structure.lbaFormats = formats.map {
            LBAFormat(
                dataSizeExponent: UInt8($0.dataSize.trailingZeroBitCount),
                metadataSize: $0.metadataSize,
                relativePerformance: $0.relativePerformance
            )
        }
        structure.features = .identifiersNeverReused
        // Metadata as part of a block or apart from it, and protection of type 1 at its end.
        if formats.contains(where: { $0.metadataSize > 0 }) { structure.metadataCapabilities = 3 }
        if formats.contains(where: { $0.metadataSize >= 8 }) {
            structure.protectionCapabilities = 0x11
        }
        structure.isFormatProgressSupported = true
        structure.deallocateFeatures = 1
        return structure
    }

    private func identity(of namespace: NamespaceState) -> IdentifyNamespace {
        var structure = commonNamespace
        let block = drive.description.formats[Int(namespace.format)].dataSize
        structure.size = namespace.blocks
        structure.capacity = namespace.capacity
        structure.utilization = namespace.used
        structure.nvmCapacity = UInt128(namespace.blocks) * UInt128(block)
        structure.formatIndex = namespace.format
        structure.isMetadataInterleaved = namespace.metadataIsInterleaved
        structure.protectionType = namespace.protection & 0x07
        structure.isProtectionFirst = namespace.protection & 0x08 != 0
        structure.formatPercentageRemaining =
            drive.format.remaining(of: namespace.identifier, at: now)
        structure.isShared = namespace.isShared
        structure.isWriteProtected = namespace.isWriteProtected
        structure.nguid = namespace.nguid
        structure.eui64 = namespace.eui64
        structure.nvmSetID = namespace.nvmSet
        structure.enduranceGroupID = namespace.enduranceGroup
        if drive.has(.asymmetricAccess) {
            structure.asymmetricAccessGroupID = namespace.accessGroup
        }
        return structure
    }
}
