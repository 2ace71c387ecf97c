internal import EventLoop

/// What `GetManagedObjects` returns: interfaces with their properties, by path.
public typealias ManagedObjects = [ObjectPath: [String: VariantDictionary]]

extension Connection {
    /// Reads a property of another connection's object.
    ///
    /// - Parameters:
    ///   - type: The type of the property.
    ///   - name: The property.
    ///   - interface: The interface that it is of.
    ///   - path: The object.
    ///   - destination: The connection.
    ///   - timeout: How long to wait for the reply.
    /// - Returns: The value.
    /// - Throws: The error reply, `InvalidArgs` for a property of another type, or what `call` throws.
    public func property<Value: DBusType>(
        _ type: Value.Type,
        _ name: MemberName,
        of interface: InterfaceName,
        at path: ObjectPath,
        on destination: BusName,
        timeout: Duration = .seconds(25)
    ) async throws(DBusError) -> Value {
        let reply = try await call(
            destination: destination,
            path: path,
            interface: StandardInterfaces.properties,
            member: "Get",
            arguments: interface.string,
            name.string,
            timeout: timeout
        )
        let value = try reply.read(Variant.self).value
        guard let value = value.decode(type) else {
            throw .invalidArgs(
                "the property \(name): expected \"\(Value.signature)\", got \"\(value.signature)\""
            )
        }
        return value
    }

    /// Reads all properties of an interface of another connection's object.
    ///
    /// - Parameters:
    ///   - interface: The interface; nil for all interfaces of the object.
    ///   - path: The object.
    ///   - destination: The connection.
    ///   - timeout: How long to wait for the reply.
    /// - Returns: The values by name.
    /// - Throws: The error reply, or what `call` throws.
    public func properties(
        of interface: InterfaceName?,
        at path: ObjectPath,
        on destination: BusName,
        timeout: Duration = .seconds(25)
    ) async throws(DBusError) -> VariantDictionary {
        let reply = try await call(
            destination: destination,
            path: path,
            interface: StandardInterfaces.properties,
            member: "GetAll",
            arguments: interface?.string ?? "",
            timeout: timeout
        )
        return try reply.read(VariantDictionary.self)
    }

    /// Sets a property of another connection's object.
    ///
    /// - Parameters:
    ///   - name: The property.
    ///   - interface: The interface that it is of.
    ///   - path: The object.
    ///   - destination: The connection.
    ///   - value: The new value.
    ///   - timeout: How long to wait for the reply.
    /// - Throws: The error reply, or what `call` throws.
    public func setProperty<Value: DBusType>(
        _ name: MemberName,
        of interface: InterfaceName,
        at path: ObjectPath,
        on destination: BusName,
        to value: Value,
        timeout: Duration = .seconds(25)
    ) async throws(DBusError) {
        _ = try await call(
            destination: destination,
            path: path,
            interface: StandardInterfaces.properties,
            member: "Set",
            arguments: interface.string,
            name.string,
            Variant(value),
            timeout: timeout
        )
    }

    /// Asks another connection's object manager for its objects.
    ///
    /// Subscribe to `InterfacesAdded` and `InterfacesRemoved` first: what they tell before the
    /// reply is contained in it, and nothing they tell after it is missed.
    ///
    /// - Parameters:
    ///   - path: The object manager.
    ///   - destination: The connection.
    ///   - timeout: How long to wait for the reply.
    /// - Returns: The objects.
    /// - Throws: The error reply, or what `call` throws.
    public func managedObjects(
        at path: ObjectPath,
        on destination: BusName,
        timeout: Duration = .seconds(25)
    ) async throws(DBusError) -> ManagedObjects {
        let reply = try await call(
            destination: destination,
            path: path,
            interface: StandardInterfaces.objectManager,
            member: "GetManagedObjects",
            timeout: timeout
        )
        return try reply.read(ManagedObjects.self)
    }
}
