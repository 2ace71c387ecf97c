internal import EventLoop

extension StandardInterfaces {
    static let propertiesInterface = Interface<ObjectNode>(
        properties,
        documentation: "Reading and writing of properties.",
        right: .reading
    ) {
        Method(
            "Get",
            "The value of one property.",
            in: ["interface_name": "s", "property_name": "s"],
            out: ["value": "v"],
            body: .immediate { (object, _, reader, writer) in
                let node = unsafeDowncast(object, to: ObjectNode.self)
                let interface = try reader.text(.string)
                let (published, index) = try node.property(reader.text(.string), of: interface)
                let property = published.table.properties[index]
                let value = try property.access.get(published.object)
                try writer.variant(of: property.description.signature) {
                    (inner) throws(DBusError) in
                    try value.append(to: &inner)
                }
            }
        )
        Method(
            "GetAll",
            "The values of all properties of an interface; of all interfaces for \"\".",
            in: ["interface_name": "s"],
            out: ["properties": "a{sv}"],
            body: .immediate { (object, call, reader, writer) in
                let node = unsafeDowncast(object, to: ObjectNode.self)
                let interfaces = try node.interfaces(matching: reader.text(.string))
                try call.connection.objects.append(propertiesOf: interfaces, to: &writer)
            }
        )
        Method(
            "Set",
            "Gives a property another value.",
            in: ["interface_name": "s", "property_name": "s", "value": "v"],
            body: .either { (object, call, reader, _) in
                let node = unsafeDowncast(object, to: ObjectNode.self)
                let interface = try reader.text(.string)
                let (published, index) = try node.property(reader.text(.string), of: interface)
                return try published.set(index, call, &reader)
            }
        )
        // The property's own right counts.
        .requiring(.open)
        Signal(
            "PropertiesChanged",
            "Properties have other values now.",
            Parameter<String>("interface_name"),
            Parameter<VariantDictionary>("changed_properties"),
            Parameter<[String]>("invalidated_properties")
        )
    }
}

extension ObjectNode {
    /// The published interfaces that a name stands for; all for the empty name.
    fileprivate func interfaces(
        matching name: String
    ) throws(DBusError) -> [PublishedInterface] {
        if name.isEmpty { return interfaces }
        if let published = interface(named: name) { return [published] }
        // The standard interfaces have no properties.
        if standardTable(named: name) != nil { return [] }
        throw .unknownInterface("\(path) does not have the interface \(Excerpt(name))")
    }

    /// A property; of the first interface that has it, for the empty name.
    fileprivate func property(
        _ name: String,
        of interfaceName: String
    ) throws(DBusError) -> (PublishedInterface, Int) {
        if let published = interface(named: interfaceName),
            let index = published.table.propertyIndices[name]
        {
            return (published, index)
        }
        for published in try interfaces(matching: interfaceName) {
            if let index = published.table.propertyIndices[name] { return (published, index) }
        }
        let owner = interfaceName.isEmpty ? path.string : interfaceName
        throw .unknownProperty("\(owner) does not have the property \(Excerpt(name))")
    }
}

extension PublishedInterface {
    /// Sets a property to the variant that comes next.
    ///
    /// - Returns: What remains to be done, if the setter may wait.
    fileprivate func set(
        _ index: Int,
        _ call: Invocation,
        _ reader: inout MessageReader
    ) throws -> MethodBody.Work? {
        let property = table.properties[index]
        try call.connection.objects.check(property.right, of: call.credentials) {
            "setting \(self.name).\(property.description.name)"
        }
        guard let setter = property.access.set else {
            throw DBusError.propertyReadOnly(
                "the property \(property.description.name) cannot be set"
            )
        }
        return try reader.enter(.variant) { inner in
            let given = inner.signature
            guard given == property.description.signature else {
                throw DBusError.invalidArgs(
                    "the property \(property.description.name): expected "
                        + "\"\(property.description.signature)\", got \"\(given)\""
                )
            }
            switch setter {
            case .immediate(let set):
                try set(self.object, call, &inner)
                return nil
            case .suspending(let set):
                return try set(self.object, call, &inner)
            }
        }
    }
}
