/// All log pages that are decoded.
public enum LogPages {
    /// The pages in the order of their identifiers.
    ///
    /// Made when it is asked for and not kept: what is at rest needs none of it.
    public static var all: [LogPageDeclaration] {
        standard.sorted { $0.identifier.rawValue < $1.identifier.rawValue }
    }

    /// The page with an identifier; nil when it is not decoded.
    public static func find(_ identifier: LogPageIdentifier) -> LogPageDeclaration? {
        all.first { $0.identifier == identifier }
    }

    /// The page with a name, such as `DeviceSelfTest`, in any spelling of its letters and digits.
    public static func find(name: String) -> LogPageDeclaration? {
        all.first { isName($0.name, meantBy: name) }
    }

    private static var standard: [LogPageDeclaration] {
        basic + support + namespaces + endurance + capacity + telemetry + persistentEvents
            + logicalBlocks + placement + measurement + personality + discovery
    }
}
