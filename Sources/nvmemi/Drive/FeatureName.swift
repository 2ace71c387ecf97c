import ArgumentParser
import NVMeMI

/// What a person writes to name a feature: the name of its declaration in any spelling, or its number.
struct FeatureName: ExpressibleByArgument {
    var identifier: FeatureIdentifier
    /// What is known of it; nil for a feature that only has a number.
    var declaration: FeatureDeclaration?

    init?(argument: String) {
        if let number = UInt8(number: argument) {
            identifier = FeatureIdentifier(rawValue: number)
            declaration = Features.find(identifier)
        } else if let found = Features.find(name: argument) {
            identifier = found.identifier
            declaration = found
        } else {
            return nil
        }
    }

    /// The feature that an argument names.
    ///
    /// - Throws: `ValidationError`, which says where the names are.
    @Sendable
    static func parse(_ argument: String) throws -> FeatureName {
        try named(
            argument,
            of: "feature",
            hint: "'nvmemi feature --help' lists them."
        )
    }

    init(_ declaration: FeatureDeclaration) {
        identifier = declaration.identifier
        self.declaration = declaration
    }

    /// What completion offers.
    static var all: [String] { Features.all.map(\.name) }

    /// The features that are known by name, with the values that each has.
    static var help: String {
        Features.all.map { feature in
            let fields = feature.arguments.map(\.name) + (feature.data?.table.map(\.name) ?? [])
            let note = fields.isEmpty ? "" : ": " + fields.joined(separator: ", ")
            return "  \(feature.name)\(note)"
        }.joined(separator: "\n")
    }
}
