/// Which drive the entries of a log are about, also where one names only its address, or its place.
struct DriveContext {
    /// What an entry may call a drive.
    private static let names = ["serial-number", "drive", "place", "endpoint"]

    /// Who was known by a name last: its names by their kinds.
    private var known: [String: [String: String]] = [:]

    /// The entries, oldest first, each with the names of its drive, small.
    static func namesOfDrives(in entries: [LogEntry]) -> [Set<String>] {
        var context = DriveContext()
        return entries.map { context.take($0) }
    }

    private mutating func take(_ entry: LogEntry) -> Set<String> {
        var told: [String: String] = [:]
        for name in Self.names {
            if let value = entry[name] { told[name] = value.lowercased() }
        }
        guard !told.isEmpty else { return [] }
        // What it does not tell of its drive is as it was; who tells a serial number tells who it is.
        var drive = told
        let keys = Self.names.compactMap { name in told[name].map { "\(name) \($0)" } }
        for key in keys {
            guard let former = known[key] else { continue }
            if let serial = told["serial-number"], former["serial-number"] ?? serial != serial {
                continue
            }
            drive.merge(former) { new, _ in new }
            break
        }
        for (name, value) in drive { known["\(name) \(value)"] = drive }
        return Set(drive.values)
    }
}
