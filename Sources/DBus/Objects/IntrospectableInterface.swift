internal import EventLoop

extension StandardInterfaces {
    static let introspectableInterface = Interface<ObjectNode>(
        introspectable,
        documentation: "What an object can do.",
        right: .reading
    ) {
        Method.immediate(
            "Introspect",
            "The object's interfaces and the names of its children.",
            out: ["xml_data"]
        ) { (node: ObjectNode, _: Invocation) -> String in
            node.introspection
        }
    }
}

extension ObjectNode {
    /// The node as XML.
    var introspection: String {
        var text = InterfaceXML.documentType + "\n<node>\n"
        for interface in interfaces { text += interface.table.introspection }
        for table in standardTables { text += table.introspection }
        for child in sortedChildren { text += "  <node name=\"\(child.path.lastElement)\"/>\n" }
        return text + "</node>\n"
    }
}
