import DBus

/// Names of OpenBMC's interfaces and of their enumerations' values.
enum OpenBMCName {
    static let prefix = "xyz.openbmc_project."

    static func interface(_ name: String) -> InterfaceName {
        InterfaceName(stringLiteral: prefix + name)
    }

    /// An enumeration's value as OpenBMC spells it: with its interface and its type.
    static func value(_ name: String) -> String { prefix + name }
}
