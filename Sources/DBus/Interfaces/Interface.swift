/// An interface that objects of one Swift class implement.
///
///     nonisolated static let interface = Interface<Job>(
///         "org.example.Job1", documentation: "Something that runs."
///     ) {
///         Property("Progress", "Percent done.", .emitsChange) { (job: Job) in job.progress }
///         Method("Cancel", "Ends the job.") { (job: Job, call: Invocation) async throws in
///             try await job.cancel(by: call.sender)
///         }
///         Job.completed
///     }
///
/// Dispatch, type checks, introspection and documents follow from the declaration. A declaration is
/// made once and shared by all objects; with `nonisolated` tools can print it as well.
public struct Interface<Object: AnyObject & Sendable>: Sendable {
    let table: InterfaceTable

    /// Declares an interface.
    ///
    /// - Parameters:
    ///   - name: The interface's name.
    ///   - documentation: What it is for; paragraphs separated by an empty line.
    ///   - right: What a caller needs for its methods, and to set its properties, where a member does not declare
    ///     another. Reading properties needs none.
    ///   - members: Its methods, properties and signals.
    public init(
        _ name: InterfaceName,
        documentation: String,
        right: Right = .open,
        @InterfaceBuilder<Object> _ members: () -> [InterfaceMember<Object>]
    ) {
        table = InterfaceTable(
            name,
            documentation: documentation,
            right: right,
            members: members()
        )
    }

    /// The interface's name.
    public var name: InterfaceName { table.description.name }

    /// What the interface looks like from outside.
    public var description: InterfaceDescription { table.description }

    /// This interface of one object, ready to be published.
    ///
    /// - Parameter object: What the handlers get; kept as long as it is published.
    /// - Returns: What `ObjectTree.add` takes.
    public func bound(to object: Object) -> BoundInterface {
        BoundInterface(table: table, object: object)
    }
}

/// An interface of a certain object.
public struct BoundInterface: Sendable {
    let table: InterfaceTable
    let object: any AnyObject & Sendable

    /// The interface's name.
    public var name: InterfaceName { table.description.name }
}

/// A method, a property or a signal within a declaration.
public struct InterfaceMember<Object: AnyObject & Sendable> {
    enum Kind {
        case method(Method<Object>)
        case property(Property<Object>)
        case signal(SignalDescription)
    }

    let kind: Kind
}

/// Collects the members of an interface.
@resultBuilder
public enum InterfaceBuilder<Object: AnyObject & Sendable> {
    /// A method.
    public static func buildExpression(_ method: Method<Object>) -> [InterfaceMember<Object>] {
        [InterfaceMember(kind: .method(method))]
    }

    /// A property.
    public static func buildExpression(
        _ property: Property<Object>
    ) -> [InterfaceMember<Object>] {
        [InterfaceMember(kind: .property(property))]
    }

    /// A signal.
    public static func buildExpression<each Argument: DBusType>(
        _ signal: Signal<repeat each Argument>
    ) -> [InterfaceMember<Object>] {
        [InterfaceMember(kind: .signal(signal.description))]
    }

    /// Members made elsewhere, by a function for instance.
    public static func buildExpression(
        _ members: [InterfaceMember<Object>]
    ) -> [InterfaceMember<Object>] {
        members
    }

    /// All members in order.
    public static func buildBlock(
        _ members: [InterfaceMember<Object>]...
    ) -> [InterfaceMember<Object>] {
        members.flatMap { $0 }
    }

    /// The members of an `if`.
    public static func buildOptional(
        _ members: [InterfaceMember<Object>]?
    ) -> [InterfaceMember<Object>] {
        members ?? []
    }

    /// The members of an `if` that has an `else`.
    public static func buildEither(
        first members: [InterfaceMember<Object>]
    ) -> [InterfaceMember<Object>] {
        members
    }

    /// The members of an `else`.
    public static func buildEither(
        second members: [InterfaceMember<Object>]
    ) -> [InterfaceMember<Object>] {
        members
    }

    /// The members of a loop.
    public static func buildArray(
        _ members: [[InterfaceMember<Object>]]
    ) -> [InterfaceMember<Object>] {
        members.flatMap { $0 }
    }
}
