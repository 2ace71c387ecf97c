internal import EventLoop

/// A property of an interface: declared once, with its getter and perhaps a setter.
///
///     Property("State", "What the endpoint is doing.", .emitsChange) { (endpoint: Endpoint) in
///         endpoint.state.name
///     }
///
/// A getter that throws makes the property absent for the moment: `Get` answers with the error, and
/// `GetAll` and `InterfacesAdded` leave it out.
public struct Property<Object: AnyObject & Sendable>: Sendable {
    var description: PropertyDescription
    let access: PropertyAccess
    /// What a caller needs to set it; nil for the right of the interface.
    var right: Right?

    /// A property that cannot be set.
    ///
    /// - Parameters:
    ///   - name: The property's name.
    ///   - documentation: What it says, with its unit.
    ///   - change: How changes are told.
    ///   - get: The present value; quick, as it is called for every reader and every change.
    public init<Value: DBusType>(
        _ name: MemberName,
        _ documentation: String,
        _ change: PropertyChange,
        get: @escaping @LoopActor (Object) throws -> Value
    ) {
        description = PropertyDescription(
            name: name,
            documentation: documentation,
            signature: Value.signature,
            isWritable: false,
            change: change
        )
        access = PropertyAccess(get: Self.erase(get), set: nil)
    }

    /// A property whose setter never waits.
    ///
    /// - Parameters:
    ///   - name: The property's name.
    ///   - documentation: What it says, with its unit.
    ///   - change: How changes are told.
    ///   - get: The present value; quick, as it is called for every reader and every change.
    ///   - set: Takes a new value or throws.
    public init<Value: DBusType>(
        _ name: MemberName,
        _ documentation: String,
        _ change: PropertyChange,
        get: @escaping @LoopActor (Object) throws -> Value,
        set: @escaping @LoopActor (Object, Invocation, Value) throws -> Void
    ) {
        description = PropertyDescription(
            name: name,
            documentation: documentation,
            signature: Value.signature,
            isWritable: true,
            change: change
        )
        access = PropertyAccess(
            get: Self.erase(get),
            set: .immediate { (object, call, reader) in
                try set(
                    unsafeDowncast(object, to: Object.self),
                    call,
                    Value.read(from: &reader)
                )
            }
        )
    }

    /// A property whose setter may wait; each `Set` runs as a task of its own on the loop.
    ///
    /// - Parameters:
    ///   - name: The property's name.
    ///   - documentation: What it says, with its unit.
    ///   - change: How changes are told.
    ///   - get: The present value; quick, as it is called for every reader and every change.
    ///   - setLater: Takes a new value or throws.
    public init<Value: DBusType>(
        _ name: MemberName,
        _ documentation: String,
        _ change: PropertyChange,
        get: @escaping @LoopActor (Object) throws -> Value,
        setLater: @escaping @LoopActor (Object, Invocation, Value) async throws -> Void
    ) {
        description = PropertyDescription(
            name: name,
            documentation: documentation,
            signature: Value.signature,
            isWritable: true,
            change: change
        )
        access = PropertyAccess(
            get: Self.erase(get),
            set: .suspending { (object, call, reader) throws(DBusError) in
                let object = unsafeDowncast(object, to: Object.self)
                let value = try Value.read(from: &reader)
                return {
                    try await setLater(object, call, value)
                    return { (_) throws(DBusError) in }
                }
            }
        )
    }

    /// The same property with a right of its own.
    ///
    /// - Parameter right: What a caller needs to set it, whatever the interface says.
    /// - Returns: The property with that right.
    public func requiring(_ right: Right) -> Property {
        var property = self
        property.right = right
        return property
    }

    /// The same property with an annotation more.
    ///
    /// - Parameter annotation: What introspection shows beside the property.
    /// - Returns: The annotated property.
    public func annotated(_ annotation: Annotation) -> Property {
        var property = self
        property.description.annotations.append(annotation)
        return property
    }

    private static func erase<Value: DBusType>(
        _ get: @escaping @LoopActor (Object) throws -> Value
    ) -> PropertyAccess.Getter {
        { try get(unsafeDowncast($0, to: Object.self)) }
    }
}

/// How a property is read and written, without the types.
struct PropertyAccess: Sendable {
    typealias Getter = @LoopActor (any MethodBody.Published) throws -> any DBusType

    enum Setter: Sendable {
        case immediate(
            @LoopActor (any MethodBody.Published, Invocation, inout MessageReader) throws -> Void
        )
        case suspending(
            @LoopActor (any MethodBody.Published, Invocation, inout MessageReader)
                throws(DBusError) -> MethodBody.Work
        )
    }

    let get: Getter
    let set: Setter?
}
