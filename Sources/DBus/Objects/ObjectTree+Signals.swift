internal import EventLoop

extension ObjectTree {
    /// Emits a signal to everybody who has a match for it, or to one connection.
    ///
    /// Changes of the object's properties that are not yet told are told first.
    ///
    /// - Parameters:
    ///   - signal: The signal's declaration.
    ///   - interface: The name of its interface.
    ///   - path: The object that emits.
    ///   - arguments: What it carries.
    ///   - destination: The only receiver; nil for everybody.
    /// - Throws: `InvalidArgs` for a value that cannot be sent, `LimitsExceeded` for a message too
    ///   large.
    public func emit<each Argument: DBusType>(
        _ signal: Signal<repeat each Argument>,
        of interface: InterfaceName,
        at path: ObjectPath,
        _ arguments: repeat each Argument,
        to destination: BusName? = nil
    ) throws(DBusError) {
        if let node = node(at: path.string) { tellChanges(of: node.interfaces) }
        let message = try compose {
            () throws(DBusError) in
            try .signal(path: path, interface: interface, member: signal.description.name)
        } body: {
            (writer) throws(DBusError) in
            for argument in repeat each arguments { try argument.append(to: &writer) }
        }
        if let destination { try message.setDestination(destination) }
        connection?.send(message)
    }

    /// Notes that properties have other values now.
    ///
    /// All changes of an interface within one turn of the loop are told in one
    /// `PropertiesChanged`, with the values that the properties have then. Names of constant
    /// properties, of properties without change signal and unknown names are passed over.
    ///
    /// - Parameters:
    ///   - path: The object's path.
    ///   - interface: The interface that the properties are of.
    ///   - names: The names of the properties.
    public func propertiesChanged(
        _ path: ObjectPath,
        interface: InterfaceName,
        _ names: [MemberName]
    ) {
        guard let published = node(at: path.string)?.interface(named: interface.string) else {
            return
        }
        var said = saidProperties[ObjectIdentifier(published)] ?? []
        for name in names {
            guard let index = published.table.propertyIndices[name.string],
                published.table.properties[index].description.change.isTold
            else { continue }
            if !said.contains(index) { said.append(index) }
            note(published)
        }
        if !said.isEmpty { saidProperties[ObjectIdentifier(published)] = said }
    }

    /// Notes that an object may be another than it was.
    ///
    /// Before the loop sleeps the tree finds out which properties of the object's interfaces have another
    /// value than was told last, and tells those.
    ///
    /// - Parameter object: The object; one that is not published is passed over.
    public func changed(_ object: any AnyObject & Sendable) {
        for published in publishedInterfaces[ObjectIdentifier(object)] ?? []
        where !published.table.toldProperties.isEmpty {
            published.mayHaveChanged = true
            note(published)
        }
    }

    private func note(_ interface: PublishedInterface) {
        guard !interface.isNoted else { return }
        interface.isNoted = true
        if changedInterfaces.isEmpty {
            // A change that another connection's call causes comes after this one's turn: the
            // loop must not sleep before it has been told.
            EventLoop.main.schedule(after: .zero) {}
        }
        changedInterfaces.append(interface)
        if changeTimer == nil {
            // The connection's turn in this round of the loop may be over already.
            changeTimer = EventLoop.main.schedule(after: .zero) { self.changeTimer = nil }
        }
    }

    /// Tells all noted changes.
    func tellChanges() {
        guard !changedInterfaces.isEmpty else { return }
        let interfaces = changedInterfaces
        changedInterfaces = []
        changeTimer?.cancel()
        changeTimer = nil
        for interface in interfaces { tellChanges(of: interface) }
    }

    func tellChanges(of interfaces: [PublishedInterface]) {
        guard !changedInterfaces.isEmpty else { return }
        for interface in interfaces where interface.isNoted {
            changedInterfaces.removeAll { $0 === interface }
            tellChanges(of: interface)
        }
    }

    private func tellChanges(of interface: PublishedInterface) {
        interface.isNoted = false
        let said = saidProperties.removeValue(forKey: ObjectIdentifier(interface)) ?? []
        guard let node = interface.node, !interface.isWithdrawn else { return }
        let indices = interface.takeChanges(said)
        guard !indices.isEmpty else { return }
        sendSignal(at: node.path, of: StandardInterfaces.properties, "PropertiesChanged") {
            (writer) throws(DBusError) in
            try self.append(changes: indices, of: interface, to: &writer)
        }
    }

    private func append(
        changes: [Int],
        of interface: PublishedInterface,
        to writer: inout MessageWriter
    ) throws(DBusError) {
        var invalidated: [String] = []
        let properties = interface.table.properties
        try writer.append(interface.name.string)
        try writer.array(of: Self.propertyEntry) { (inner) throws(DBusError) in
            for index in changes {
                let property = properties[index].description
                if property.change == .emitsChange,
                    try self.append(property: index, of: interface, to: &inner)
                {
                    continue
                }
                invalidated.append(property.name.string)
            }
        }
        try invalidated.append(to: &writer)
    }

    // MARK: Object manager

    /// Tells of new interfaces.
    ///
    /// - Returns: Whether there was somebody to tell for, and all of it was told.
    func tellAdded(_ interfaces: [PublishedInterface], at node: ObjectNode) -> Bool {
        guard let manager = node.manager else { return false }
        return sendSignal(
            at: manager.path,
            of: StandardInterfaces.objectManager,
            "InterfacesAdded"
        ) { (writer) throws(DBusError) in
            try node.path.append(to: &writer)
            try self.append(interfaces, to: &writer)
        }
    }

    func tellRemoved(_ interfaces: [PublishedInterface], at node: ObjectNode) {
        guard let manager = node.manager else { return }
        sendSignal(at: manager.path, of: StandardInterfaces.objectManager, "InterfacesRemoved") {
            (writer) throws(DBusError) in
            try node.path.append(to: &writer)
            try interfaces.map(\.name.string).append(to: &writer)
        }
    }

    /// Sends a signal of a standard interface; one that cannot be sent, for its size, is a problem.
    ///
    /// - Returns: Whether it was sent.
    @discardableResult
    private func sendSignal(
        at path: ObjectPath,
        of interface: InterfaceName,
        _ member: MemberName,
        _ body: @LoopActor (inout MessageWriter) throws(DBusError) -> Void
    ) -> Bool {
        guard let connection else { return false }
        do throws(DBusError) {
            let message = try compose {
                () throws(DBusError) in
                try .signal(path: path, interface: interface, member: member)
            } body: {
                (writer) throws(DBusError) in
                try body(&writer)
            }
            connection.send(message)
            return true
        } catch {
            onProblem?("\(member) of \(path) was not sent: \(error.message)")
            return false
        }
    }
}
