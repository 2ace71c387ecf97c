/// Something about a drive that is different now, as a person and a program are told.
struct FleetChange: Equatable, Sendable {
    /// What happened.
    enum Kind: String, CaseIterable, Sendable {
        case appeared, vanished, state, health, temperature, wear, spare, firmware
    }

    var kind: Kind
    /// As it is now; as it was, for one that has gone.
    var drive: DriveSummary
    var from: String?
    var to: String?

    /// What is different between two looks, in the order of the drives.
    static func between(_ old: [DriveSummary], _ new: [DriveSummary]) -> [FleetChange] {
        // One that is still asked what it is has not come yet: as what, shows a moment later.
        let (old, new) = (
            old.filter { !$0.isBeingAsked }.byIdentity, new.filter { !$0.isBeingAsked }.byIdentity
        )
        let former = Dictionary(old) { first, _ in first }
        let present = Set(new.map(\.identity))
        var gone = old.filter { !present.contains($0.identity) }.map(\.drive)
        var known: [String: DriveSummary] = [:]
        for (identity, drive) in new where former[identity] == nil {
            // One that did not answer at first, and has told by now what it is, did not come a second time.
            guard let index = gone.firstIndex(where: { $0.isUnknown(at: drive.endpoints) }) else {
                continue
            }
            known[identity] = gone.remove(at: index)
        }
        var changes = gone.map { FleetChange(kind: .vanished, drive: $0) }
        for (identity, drive) in new {
            guard let before = former[identity] ?? known[identity] else {
                changes.append(FleetChange(kind: .appeared, drive: drive, to: drive.state))
                continue
            }
            changes += differences(before, drive)
        }
        return changes
    }

    private static func differences(_ old: DriveSummary, _ new: DriveSummary) -> [FleetChange] {
        func difference(
            _ kind: Kind,
            _ text: (DriveSummary) -> String?
        ) -> FleetChange? {
            let (before, after) = (text(old), text(new))
            return before == after
                ? nil : FleetChange(kind: kind, drive: new, from: before, to: after)
        }
        return [
            difference(.state) { $0.state },
            difference(.health) { ([$0.health.rawValue] + $0.reasons).joined(separator: "; ") },
            difference(.temperature) { $0.temperature.map { "\($0) °C" } },
            difference(.wear) { $0.wear.map { "\($0) %" } },
            difference(.spare) { $0.spare.map { "\($0) %" } },
            difference(.firmware) { $0.firmware },
        ].compactMap { $0 }
    }

    var text: String {
        switch kind {
        case .appeared: "appeared, \(to ?? "-")"
        case .vanished: "has gone"
        default: "\(kind.rawValue) \(to ?? "not known") (was \(from ?? "not known"))"
        }
    }

    var emphasis: Emphasis {
        switch kind {
        case .health: drive.health.emphasis
        case .state: DriveColumn.emphasis(ofState: drive.state)
        case .vanished: .warning
        default: .plain
        }
    }

    func line(at time: UInt64, _ style: Style) -> String {
        let who = [drive.label, drive.serialNumber].compactMap { $0 }.joined(separator: "  ")
        return "\(Moment.text(time))  \(Columns.printable(who))  "
            + style.apply(emphasis, to: Columns.printable(text))
    }

    func datum(at time: UInt64) -> Datum {
        func optional(_ text: String?) -> Datum { text.map(Datum.text) ?? .null }
        return .dictionary([
            .init("time", .unsigned(time)), .init("drive", .text(drive.name)),
            .init("address", optional(drive.endpoints.first?.address)),
            .init("place", optional(drive.place)), .init("serial", optional(drive.serialNumber)),
            .init("change", .text(kind.rawValue)), .init("from", optional(from)),
            .init("to", optional(to)), .init("state", .text(drive.state)),
            .init("health", .text(drive.health.rawValue)),
        ])
    }
}
