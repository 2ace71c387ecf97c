import NVMeMIDrives

/// Lines of the configuration file that hold for something only.
protocol ConfigurationSection {
    /// The line that begins it.
    static var header: String { get }

    /// A section of which nothing was read yet.
    init()

    /// Takes over a line; returns what is wrong with it.
    mutating func assign(_ key: String, _ value: String) -> String?

    /// Takes the whole over; returns what is missing.
    func finish(_ settings: inout BridgeSettings) -> String?
}

extension ConfigurationFile {
    /// The kinds of sections that there are.
    static var sections: [any ConfigurationSection.Type] {
        [DrivesSection.self, PlaceSection.self]
    }

    static func unknown(
        _ key: String,
        _ introduction: String,
        _ known: [String]
    ) -> String {
        "unknown key '\(key)'; \(introduction) \(known.joined(separator: ", "))"
    }
}
