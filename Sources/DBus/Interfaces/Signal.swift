/// A signal of an interface: declared once, with the names and types of what it carries.
///
///     static let completed = Signal(
///         "Completed", "The job has ended.", Parameter<Bool>("success"), Parameter<String>("message"))
///
/// The declaration is part of the interface and is also what `ObjectTree.emit` takes.
public struct Signal<each Argument: DBusType>: Sendable {
    var description: SignalDescription

    /// Declares a signal.
    ///
    /// - Parameters:
    ///   - name: The signal's name.
    ///   - documentation: What its emission means.
    ///   - arguments: The name and type of each value it carries.
    public init(
        _ name: MemberName,
        _ documentation: String,
        _ arguments: repeat Parameter<each Argument>
    ) {
        var list: [ArgumentDescription] = []
        for argument in repeat each arguments { list.append(argument.description) }
        description = SignalDescription(
            name: name,
            documentation: documentation,
            arguments: list
        )
    }

    /// The same signal with an annotation more.
    ///
    /// - Parameter annotation: What introspection shows beside the signal.
    /// - Returns: The annotated signal.
    public func annotated(_ annotation: Annotation) -> Signal {
        var signal = self
        signal.description.annotations.append(annotation)
        return signal
    }
}

/// The name and type of a value that a signal carries.
public struct Parameter<Value: DBusType>: Sendable {
    let description: ArgumentDescription

    /// Names a value.
    public init(_ name: String) {
        description = ArgumentDescription(name: name, signature: Value.signature)
    }
}
