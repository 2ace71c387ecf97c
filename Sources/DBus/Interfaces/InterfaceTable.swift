/// A declared interface without its Swift types: what dispatch looks up.
///
/// Made once for each declaration and shared by all objects.
final class InterfaceTable: Sendable {
    struct MethodEntry: Sendable {
        let description: MethodDescription
        let inputSignature: String
        /// What a caller needs.
        let right: Right
        let body: MethodBody
    }

    struct PropertyEntry: Sendable {
        let description: PropertyDescription
        let access: PropertyAccess
        /// What a caller needs in order to set it.
        let right: Right
    }

    let description: InterfaceDescription
    let methods: [String: MethodEntry]
    /// In the order of their declaration.
    let properties: [PropertyEntry]
    /// Where in `properties` those are of whose changes `PropertiesChanged` speaks.
    let toldProperties: [Int]
    /// Where in `properties` a name is.
    let propertyIndices: [String: Int]
    /// The interface's part of introspection.
    let introspection: String

    init<Object>(
        _ name: InterfaceName,
        documentation: String,
        right: Right,
        members: [InterfaceMember<Object>]
    ) {
        var methods: [String: MethodEntry] = [:]
        var methodDescriptions: [MethodDescription] = []
        var properties: [PropertyEntry] = []
        var indices: [String: Int] = [:]
        var signals: [SignalDescription] = []
        for member in members {
            switch member.kind {
            case .method(let method):
                let entry = MethodEntry(
                    description: method.description,
                    inputSignature: method.description.inputSignature,
                    right: method.right ?? right,
                    body: method.body
                )
                let earlier = methods.updateValue(entry, forKey: method.description.name.string)
                precondition(
                    earlier == nil,
                    "\(name) declares \(method.description.name) twice"
                )
                methodDescriptions.append(method.description)
            case .property(let property):
                let earlier = indices.updateValue(
                    properties.count,
                    forKey: property.description.name.string
                )
                precondition(
                    earlier == nil,
                    "\(name) declares \(property.description.name) twice"
                )
                properties.append(
                    PropertyEntry(
                        description: property.description,
                        access: property.access,
                        right: property.right ?? right.ofSetters
                    )
                )
            case .signal(let signal):
                signals.append(signal)
            }
        }
        description = InterfaceDescription(
            name: name,
            documentation: documentation,
            methods: methodDescriptions,
            properties: properties.map(\.description),
            signals: signals
        )
        self.methods = methods
        self.properties = properties
        toldProperties = properties.indices.filter { properties[$0].description.change.isTold }
        propertyIndices = indices
        introspection = InterfaceXML.element(for: description, documented: false)
    }
}
