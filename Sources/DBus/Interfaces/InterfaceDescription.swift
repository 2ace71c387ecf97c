/// What a declared interface looks like from outside: the source of introspection and documents.
public struct InterfaceDescription: Hashable, Sendable {
    /// The interface's name.
    public let name: InterfaceName
    /// What the interface is for; Markdown-free text, paragraphs separated by an empty line.
    public let documentation: String
    /// The methods in the order of their declaration.
    public let methods: [MethodDescription]
    /// The properties in the order of their declaration.
    public let properties: [PropertyDescription]
    /// The signals in the order of their declaration.
    public let signals: [SignalDescription]

    /// The same with more documentation of some methods, as a further paragraph.
    public func documented(further texts: [MemberName: String]) -> InterfaceDescription {
        let documented = methods.map { method in
            guard let text = texts[method.name] else { return method }
            return MethodDescription(
                name: method.name,
                documentation: method.documentation + "\n\n" + text,
                inputs: method.inputs,
                outputs: method.outputs,
                annotations: method.annotations
            )
        }
        return InterfaceDescription(
            name: name,
            documentation: documentation,
            methods: documented,
            properties: properties,
            signals: signals
        )
    }
}

/// One argument of a method or a signal.
public struct ArgumentDescription: Hashable, Sendable {
    /// The name, for people and for introspection.
    public let name: String
    /// The type: one complete type.
    public let signature: Signature
}

/// A method as introspection shows it.
public struct MethodDescription: Hashable, Sendable {
    /// The method's name.
    public let name: MemberName
    /// What it does.
    public let documentation: String
    /// What the caller sends.
    public let inputs: [ArgumentDescription]
    /// What the reply brings.
    public let outputs: [ArgumentDescription]
    /// Further annotations, in order.
    public var annotations: [Annotation] = []

    /// The types of all inputs together.
    var inputSignature: String { inputs.map(\.signature.string).joined() }
}

/// A property as introspection shows it.
public struct PropertyDescription: Hashable, Sendable {
    /// The property's name.
    public let name: MemberName
    /// What it says.
    public let documentation: String
    /// The type: one complete type.
    public let signature: Signature
    /// Whether it can be set.
    public let isWritable: Bool
    /// How changes are told.
    public let change: PropertyChange
    /// Further annotations, in order.
    public var annotations: [Annotation] = []
}

/// A signal as introspection shows it.
public struct SignalDescription: Hashable, Sendable {
    /// The signal's name.
    public let name: MemberName
    /// What its emission means.
    public let documentation: String
    /// What it carries.
    public let arguments: [ArgumentDescription]
    /// Further annotations, in order.
    public var annotations: [Annotation] = []
}

/// A name and a value that introspection shows beside a member.
public struct Annotation: Hashable, Sendable {
    /// The name, by convention in the grammar of interface names.
    public let name: String
    /// The value.
    public let value: String

    /// Makes an annotation.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Marks a member that should not be used any more.
    public static let deprecated = Annotation("org.freedesktop.DBus.Deprecated", "true")
}

/// How a property's changes are told: `org.freedesktop.DBus.Property.EmitsChangedSignal`.
public enum PropertyChange: String, Hashable, Sendable {
    /// `PropertiesChanged` carries the new value.
    case emitsChange = "true"
    /// `PropertiesChanged` names the property only: the value is large or costly to get.
    case invalidates = "invalidates"
    /// The value never changes while the object is there.
    case constant = "const"
    /// Changes are not told.
    case noSignal = "false"
}
