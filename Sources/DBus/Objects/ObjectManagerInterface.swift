internal import EventLoop

extension StandardInterfaces {
    static let objectManagerInterface = Interface<ObjectNode>(
        objectManager,
        documentation: "All objects below this one.",
        right: .reading
    ) {
        Method(
            "GetManagedObjects",
            "The objects with all their interfaces and properties.",
            out: ["objpath_interfaces_and_properties": "a{oa{sa{sv}}}"],
            body: .composed { (object, call, identity) throws(DBusError) in
                let node = unsafeDowncast(object, to: ObjectNode.self)
                return try call.connection.objects.managedReply(of: node, to: identity)
            }
        )
        Signal(
            "InterfacesAdded",
            "An object has appeared, or has interfaces more.",
            Parameter<ObjectPath>("object_path"),
            Parameter<[String: VariantDictionary]>("interfaces_and_properties")
        )
        Signal(
            "InterfacesRemoved",
            "An object has gone, or has interfaces less.",
            Parameter<ObjectPath>("object_path"),
            Parameter<[String]>("interfaces")
        )
    }
}

extension ObjectNode {
    /// Appends the `{oa{sa{sv}}}` of all objects below, without those of an object manager further
    /// down.
    func appendManaged(
        to writer: inout MessageWriter,
        of tree: ObjectTree
    ) throws(DBusError) {
        for child in sortedChildren {
            if !child.interfaces.isEmpty {
                try writer.dictionaryEntry { (entry) throws(DBusError) in
                    try child.path.append(to: &entry)
                    try tree.append(child.interfaces, to: &entry)
                }
            }
            if !child.isObjectManager { try child.appendManaged(to: &writer, of: tree) }
        }
    }
}
