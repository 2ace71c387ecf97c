/// A drive that was there and is not.
struct MissingDrive: Equatable, Sendable {
    var model: String
    var serialNumber: String
    var subsystemNQN: String
    /// Where it was; its name where nobody tells places.
    var place: String
    /// In milliseconds of Unix time.
    var since: UInt64

    /// What the daemon tells of one; nil where that is not one.
    init?(_ datum: Datum) {
        guard let serialNumber = datum["SerialNumber"]?.nonEmptyText else { return nil }
        self.serialNumber = serialNumber
        model = datum["Model"]?.nonEmptyText ?? ""
        subsystemNQN = datum["SubsystemNQN"]?.nonEmptyText ?? ""
        place = datum["Place"]?.nonEmptyText ?? ""
        since = datum["Since"]?.number.map { UInt64(max(0, $0)) } ?? 0
    }

    /// Those that the daemon's own object tells of.
    static func all(of manager: Datum) -> [MissingDrive] {
        guard case .list(let drives)? = manager["MissingDrives"] else { return [] }
        return drives.compactMap(MissingDrive.init)
    }

    /// By what a person knows it: place and serial number.
    var label: String {
        let isNamedForItself = place.isEmpty || place.contains(serialNumber)
        return Columns.printable(isNamedForItself ? serialNumber : "\(place) \(serialNumber)")
    }

    /// Such as `Bay 3 S4AB0001, MODEL, since …`.
    func text(now: UInt64) -> String {
        [label, Columns.printable(model), "since \(Moment.described(since, now: now))"]
            .filter { !$0.isEmpty }.joined(separator: ", ")
    }

    var datum: Datum {
        .dictionary([
            .init("state", .text("missing")), .init("health", .text("missing")),
            .init("place", place.isEmpty ? .null : .text(place)),
            .init("model", model.isEmpty ? .null : .text(model)),
            .init("serial", .text(serialNumber)), .init("since", .unsigned(since)),
        ])
    }
}

extension [MissingDrive] {
    /// The one that a person means: by its serial number or the beginning of that, or by its place.
    func named(_ name: String) -> MissingDrive? {
        let text = name.lowercased()
        let exact = filter { $0.serialNumber.lowercased() == text || $0.place.lowercased() == text }
        if exact.count == 1 { return exact[0] }
        let begins = filter { !text.isEmpty && $0.serialNumber.lowercased().hasPrefix(text) }
        return exact.isEmpty && begins.count == 1 ? begins[0] : nil
    }

    /// A line each, and what to do when one is not to come back.
    func lines(_ report: Report, now: UInt64) -> [String] {
        guard let first else { return [] }
        let advice =
            "`nvmemi forget \(first.serialNumber)` when "
            + (count == 1 ? "it is" : "that one is") + " not to come back."
        return map { report.style.apply(.bad, to: "missing") + "  " + $0.text(now: now) } + [advice]
    }
}
