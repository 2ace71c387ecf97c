internal import EventLoop

extension ObjectTree {
    static let propertyEntry = Signature(unchecked: "{sv}")
    static let objectEntry = Signature(unchecked: "{oa{sa{sv}}}")
    static let interfaceEntry = Signature(unchecked: "{sa{sv}}")

    /// Appends `a{sa{sv}}`: interfaces with all their properties.
    func append(
        _ interfaces: [PublishedInterface],
        to writer: inout MessageWriter
    ) throws(DBusError) {
        try writer.array(of: Self.interfaceEntry) { (inner) throws(DBusError) in
            for interface in interfaces {
                try inner.dictionaryEntry { (entry) throws(DBusError) in
                    try entry.append(interface.name.string)
                    try self.append(propertiesOf: [interface], to: &entry)
                }
            }
        }
    }

    /// Appends `a{sv}`: all properties of the interfaces together.
    ///
    /// Of a name that several interfaces have only the first is there, the one that `Get` without
    /// an interface gives: a dictionary must not have a key twice.
    func append(
        propertiesOf interfaces: [PublishedInterface],
        to writer: inout MessageWriter
    ) throws(DBusError) {
        try writer.array(of: Self.propertyEntry) { (inner) throws(DBusError) in
            var names: Set<String> = []
            for interface in interfaces {
                for (index, property) in interface.table.properties.enumerated() {
                    let name = property.description.name.string
                    guard !names.contains(name) else { continue }
                    let isAppended = try self.append(property: index, of: interface, to: &inner)
                    if isAppended, interfaces.count > 1 { names.insert(name) }
                }
            }
        }
    }

    /// Appends the `{sv}` of one property.
    ///
    /// - Returns: False, with nothing appended, when the property has no value at present or one
    ///   that cannot be sent.
    func append(
        property index: Int,
        of interface: PublishedInterface,
        to writer: inout MessageWriter
    ) throws(DBusError) -> Bool {
        if !unsendable.isEmpty, unsendable.contains(PropertyKey(interface, index)) { return false }
        let property = interface.table.properties[index]
        let value = try? property.access.get(interface.object)
        if untoldProperties != nil, property.description.change == .noSignal {
            untoldProperties?.append(
                .init(interface: interface, index: index, value: value?.dbusValue)
            )
        }
        guard let value else { return false }
        if interface.isFirstTold { interface.noteTold(value, of: index) }
        do throws(DBusError) {
            try writer.dictionaryEntry { (entry) throws(DBusError) in
                try entry.append(property.description.name.string)
                try entry.variant(of: property.description.signature) {
                    (inner) throws(DBusError) in
                    try value.append(to: &inner)
                }
            }
        } catch {
            // A message that is too large is not this property's fault.
            guard !error.isStandard("LimitsExceeded") else { throw error }
            unsendable.insert(PropertyKey(interface, index))
            onProblem?(
                "\(interface.name).\(property.description.name) of "
                    + "\(interface.node?.path.string ?? "?") is left out: \(error.message)"
            )
            throw error
        }
        return true
    }

    /// Makes a message; again without them, when properties turn out to have values that cannot be
    /// sent.
    ///
    /// A body cannot be taken back in part. One bad value, a text from a device with U+0000 for
    /// instance, must not keep all others from the bus.
    func compose(
        _ make: () throws(DBusError) -> OutgoingMessage,
        body: @LoopActor (inout MessageWriter) throws(DBusError) -> Void
    ) throws(DBusError) -> OutgoingMessage {
        // A getter or handler that is called from here may make messages of its own.
        let outer = unsendable
        unsendable = []
        defer { unsendable = outer }
        while true {
            let known = unsendable.count
            let message = try make()
            do throws(DBusError) {
                var writer = MessageWriter(
                    appendingTo: message.raw,
                    maximumSize: maximumMessageSize
                )
                try body(&writer)
                message.size += writer.offset
                return message
            } catch {
                guard unsendable.count > known else { throw error }
            }
        }
    }

    var maximumMessageSize: Int {
        connection?.limits.messageSize ?? ConnectionLimits().messageSize
    }
}
