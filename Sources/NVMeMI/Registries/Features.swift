/// All features that are known by name.
public enum Features {
    /// The features in the order of their identifiers.
    ///
    /// Made when it is asked for and not kept: what is at rest needs none of it.
    public static var all: [FeatureDeclaration] {
        (thermal + queues + namespaces + subsystem + host).sorted {
            $0.identifier.rawValue < $1.identifier.rawValue
        }
    }

    /// The feature with an identifier; nil when it is not known by name.
    public static func find(_ identifier: FeatureIdentifier) -> FeatureDeclaration? {
        all.first { $0.identifier == identifier }
    }

    /// The feature with a name, such as `PowerManagement`, in any spelling of its letters and digits.
    public static func find(name: String) -> FeatureDeclaration? {
        all.first { isName($0.name, meantBy: name) }
    }
}
