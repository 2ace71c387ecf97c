internal import EventLoop

/// A method of an interface: declared once, with the names of its arguments and its handler.
///
/// The types are those of the handler's parameters (after object and invocation) and of what it returns:
/// nothing, one value, or a tuple.
///
///     Method("ConfigGet", "Reads a setting.", in: ["name", "port"], out: ["value"]) {
///         (endpoint: Endpoint, call: Invocation, name: String, port: UInt8) async throws -> Variant in
///         try await endpoint.setting(name, port)
///     }
///
/// A thrown `DBusError` becomes the error reply; `ObjectTree.mapError` translates other errors.
public struct Method<Object: AnyObject & Sendable>: Sendable {
    var description: MethodDescription
    let body: MethodBody
    /// What a caller needs; nil for the right of the interface.
    var right: Right?

    /// A method whose handler may wait; each call runs as a task of its own on the loop.
    ///
    /// - Parameters:
    ///   - name: The method's name.
    ///   - documentation: What it does, and its errors.
    ///   - inputs: The name of each argument, in order.
    ///   - outputs: The name of each value of the reply, in order.
    ///   - handler: What it does.
    public init<each Input: DBusType, each Output: DBusType>(
        _ name: MemberName,
        _ documentation: String,
        in inputs: [String] = [],
        out outputs: [String] = [],
        _ handler:
            @escaping @LoopActor (Object, Invocation, repeat each Input) async throws
            -> (repeat each Output)
    ) {
        description = Self.describe(
            name,
            documentation,
            inputs,
            outputs,
            (repeat (each Input).self),
            (repeat (each Output).self)
        )
        body = .suspending { (object, call, reader) throws(DBusError) in
            let object = unsafeDowncast(object, to: Object.self)
            let arguments = (repeat try (each Input).read(from: &reader))
            return {
                let results = try await handler(object, call, repeat each arguments)
                return { (writer) throws(DBusError) in
                    for result in repeat each results { try result.append(to: &writer) }
                }
            }
        }
    }

    /// A method whose handler never waits; it runs at once, without a task.
    ///
    /// - Parameters:
    ///   - name: The method's name.
    ///   - documentation: What it does, and its errors.
    ///   - inputs: The name of each argument, in order.
    ///   - outputs: The name of each value of the reply, in order.
    ///   - handler: What it does.
    /// - Returns: The method.
    public static func immediate<each Input: DBusType, each Output: DBusType>(
        _ name: MemberName,
        _ documentation: String,
        in inputs: [String] = [],
        out outputs: [String] = [],
        _ handler:
            @escaping @LoopActor (Object, Invocation, repeat each Input) throws
            -> (repeat each Output)
    ) -> Method {
        let description = describe(
            name,
            documentation,
            inputs,
            outputs,
            (repeat (each Input).self),
            (repeat (each Output).self)
        )
        let body = MethodBody.immediate { (object, call, reader, writer) throws in
            let object = unsafeDowncast(object, to: Object.self)
            let results = try handler(
                object,
                call,
                repeat try (each Input).read(from: &reader)
            )
            for result in repeat each results { try result.append(to: &writer) }
        }
        return Method(description: description, body: body)
    }

    /// A method over the message itself, for the standard interfaces.
    init(description: MethodDescription, body: MethodBody) {
        self.description = description
        self.body = body
    }

    /// The same method with a right of its own.
    ///
    /// - Parameter right: What a caller needs, whatever the interface says.
    /// - Returns: The method with that right.
    public func requiring(_ right: Right) -> Method {
        var method = self
        method.right = right
        return method
    }

    /// The same method with an annotation more.
    ///
    /// - Parameter annotation: What introspection shows beside the method.
    /// - Returns: The annotated method.
    public func annotated(_ annotation: Annotation) -> Method {
        var method = self
        method.description.annotations.append(annotation)
        return method
    }

    private static func describe<each Input: DBusType, each Output: DBusType>(
        _ name: MemberName,
        _ documentation: String,
        _ inputs: [String],
        _ outputs: [String],
        _ inputTypes: (repeat (each Input).Type),
        _ outputTypes: (repeat (each Output).Type)
    ) -> MethodDescription {
        var inputSignatures: [Signature] = []
        for type in repeat (each Input).self { inputSignatures.append(type.signature) }
        var outputSignatures: [Signature] = []
        for type in repeat (each Output).self { outputSignatures.append(type.signature) }
        return MethodDescription(
            name: name,
            documentation: documentation,
            inputs: .init(names: inputs, signatures: inputSignatures, of: name),
            outputs: .init(names: outputs, signatures: outputSignatures, of: name)
        )
    }
}

extension [ArgumentDescription] {
    /// Names and types side by side; a different number of them is a mistake in a declaration.
    init(names: [String], signatures: [Signature], of member: MemberName) {
        precondition(
            names.count == signatures.count,
            "\(member) names \(names.count) arguments, and its handler has \(signatures.count)"
        )
        self = zip(names, signatures).map { ArgumentDescription(name: $0, signature: $1) }
    }
}

/// What runs when a method is called, without the types.
enum MethodBody: Sendable {
    typealias Published = AnyObject & Sendable
    /// Writes the values of a reply.
    typealias Encoder = @LoopActor (inout MessageWriter) throws(DBusError) -> Void
    /// A call with its arguments, ready to run.
    typealias Work = @LoopActor @Sendable () async throws -> Encoder

    /// Reads, acts and writes in one go.
    case immediate(
        @LoopActor (any Published, Invocation, inout MessageReader, inout MessageWriter) throws
            -> Void
    )
    /// Reads the arguments now and acts later.
    case suspending(
        @LoopActor (any Published, Invocation, inout MessageReader) throws(DBusError) -> Work
    )
    /// Makes the reply to a call itself.
    case composed(
        @LoopActor (any Published, Invocation, CallIdentity) throws(DBusError) -> OutgoingMessage
    )
    /// Does the one or the other: what it returns is what remains to be done.
    case either(
        @LoopActor (any Published, Invocation, inout MessageReader, inout MessageWriter) throws
            -> Work?
    )
}
