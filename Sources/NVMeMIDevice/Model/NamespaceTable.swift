/// The namespaces of the subsystem in ascending order of their identifiers.
struct NamespaceTable {
    private(set) var namespaces: [NamespaceState]
    private let serialNumber: String
    private let hasSets: Bool
    private let hasGroups: Bool
    /// How many namespaces were ever made; identifiers must not return with a new namespace.
    private var generation = 0

    init(_ drive: DriveDescription) {
        serialNumber = drive.serialNumber
        hasSets = drive.abilities.contains(.sets)
        hasGroups = drive.abilities.contains(.enduranceGroups)
        namespaces = []
        for description in drive.namespaces {
            let block = UInt64(drive.formats[Int(description.format)].dataSize)
            let blocks = description.size / block
            namespaces.append(
                make(
                    description,
                    blocks: blocks,
                    used: blocks / 100 * UInt64(description.utilization),
                    controllers: description.controllers?.sorted()
                        ?? drive.controllers.map(\.identifier)
                )
            )
        }
    }

    subscript(identifier: UInt32) -> NamespaceState? {
        get { namespaces.first { $0.identifier == identifier } }
        set {
            let index = namespaces.firstIndex { $0.identifier >= identifier } ?? namespaces.count
            let exists = index < namespaces.count && namespaces[index].identifier == identifier
            switch (newValue, exists) {
            case (let namespace?, true): namespaces[index] = namespace
            case (let namespace?, false): namespaces.insert(namespace, at: index)
            case (nil, true): namespaces.remove(at: index)
            case (nil, false): break
            }
        }
    }

    /// Makes a namespace with an identity that no earlier one had.
    mutating func create(
        _ description: NamespaceDescription,
        blocks: UInt64
    ) -> NamespaceState {
        generation += 1
        let namespace = make(description, blocks: blocks, used: 0, controllers: [])
        self[namespace.identifier] = namespace
        return namespace
    }

    private func make(
        _ description: NamespaceDescription,
        blocks: UInt64,
        used: UInt64,
        controllers: [UInt16]
    ) -> NamespaceState {
        let set: UInt16 = hasSets ? 1 : 0
        let group: UInt16 = hasGroups ? 1 : 0
        let name = "namespace \(serialNumber) \(description.identifier) \(generation)"
        return NamespaceState(
            identifier: description.identifier,
            blocks: blocks,
            capacity: blocks,
            used: used,
            format: description.format,
            isShared: description.isShared,
            controllers: controllers,
            nvmSet: set,
            enduranceGroup: group,
            protectionState: description.isWriteProtected ? 1 : 0,
            eui64: description.eui64 ?? StableHash.bytes(8, of: "eui64 " + name),
            nguid: description.nguid ?? StableHash.bytes(16, of: "nguid " + name),
            uuid: description.uuid ?? DeviceUUID(derivedFrom: name)
        )
    }
}
