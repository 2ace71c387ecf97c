internal import EventLoop

/// The interfaces of the D-Bus specification that every object has, declared like any other.
enum StandardInterfaces {
    static let properties: InterfaceName = "org.freedesktop.DBus.Properties"
    static let introspectable: InterfaceName = "org.freedesktop.DBus.Introspectable"
    static let peer: InterfaceName = "org.freedesktop.DBus.Peer"
    static let objectManager: InterfaceName = "org.freedesktop.DBus.ObjectManager"

    static let peerTable = peerInterface.table
    static let objectManagerTable = objectManagerInterface.table

    /// Those of every node, in the order of introspection.
    static let common = [
        propertiesInterface.table, introspectableInterface.table, peerTable,
    ]
    private static let all = common + [objectManagerTable]

    /// The one of a name.
    static func table(named name: String) -> InterfaceTable? {
        // Four: to look at all costs less than to hash the name.
        all.first { $0.description.name.string == name }
    }
}

extension ObjectNode {
    /// The standard interfaces of this node.
    var standardTables: [InterfaceTable] {
        StandardInterfaces.common
            + (isObjectManager ? [StandardInterfaces.objectManagerTable] : [])
    }

    func standardTable(named name: String) -> InterfaceTable? {
        guard let table = StandardInterfaces.table(named: name) else { return nil }
        return table === StandardInterfaces.objectManagerTable && !isObjectManager ? nil : table
    }
}

extension Method {
    /// A method over the message itself, whose types cannot be those of one Swift function.
    init(
        _ name: MemberName,
        _ documentation: String,
        in inputs: KeyValuePairs<String, Signature> = [:],
        out outputs: KeyValuePairs<String, Signature> = [:],
        body: MethodBody
    ) {
        self.init(
            description: MethodDescription(
                name: name,
                documentation: documentation,
                inputs: inputs.map { ArgumentDescription(name: $0.key, signature: $0.value) },
                outputs: outputs.map { ArgumentDescription(name: $0.key, signature: $0.value) }
            ),
            body: body
        )
    }
}
