/// An object's properties as people read them: what they know already is left out, and numbers have names.
enum ObjectProperties {
    /// Each below its object's title, which has said these.
    private static let inTitle: [String: Set<String>] = [
        "endpoints": ["EID", "NetworkId"], "ports": ["PortNumber"],
        "controllers": ["ControllerID"], "namespaces": ["NSID"],
    ]
    /// What a port's data structure repeats, with the property that has said it.
    private static let inProperties = [
        "PortType": "Type", "MaximumTransmissionUnitSize": "MaximumTransmissionUnit",
        "ManagementEndpointBufferSize": "ManagementEndpointBufferSize",
    ]
    /// Of which nothing is to be said where they are empty.
    private static let remarks: Set = ["StateReason", "StateDetail"]

    static func shown(_ object: Inventory.Object) -> Datum {
        guard case .dictionary(let entries) = object.properties else { return object.properties }
        let kind = object.path.split(separator: "/").dropLast().last.map(String.init) ?? ""
        return .dictionary(
            entries.compactMap { entry in
                if inTitle[kind]?.contains(entry.key) ?? false { return nil }
                if remarks.contains(entry.key), entry.value == .text("") { return nil }
                return .init(entry.key, readable(entry, among: object.properties))
            }
        )
    }

    private static func readable(_ entry: Datum.Entry, among properties: Datum) -> Datum {
        switch (entry.key, entry.value) {
        case ("OptionalCommands", .list(let commands)): .list(commands.map(command))
        case ("SupportedLogs", .list(let logs)): .list(logs.map(log))
        case ("Information", .dictionary(let entries)):
            .dictionary(
                entries.filter { inner in
                    inProperties[inner.key].map { properties[$0] != inner.value } ?? true
                }
            )
        default: entry.value
        }
    }

    /// An optional command by its message type, with the opcode as the specification writes it.
    private static func command(_ command: Datum) -> Datum {
        guard case .list(let parts) = command, parts.count == 2,
            case .unsigned(let type) = parts[0], case .unsigned(let opcode) = parts[1]
        else { return command }
        let names: [UInt64: String] = [1: "NVMe-MI", 2: "Admin", 4: "PCIe"]
        return .text("\(names[type] ?? "type \(type)") \(HexDump.digits(opcode, width: 2))h")
    }

    /// A log page by its number and name.
    private static func log(_ log: Datum) -> Datum {
        guard case .list(let parts) = log, parts.count == 2, case .unsigned(let page) = parts[0],
            let name = parts[1].nonEmptyText
        else { return log }
        return .text("\(HexDump.digits(page, width: 2))h \(name)")
    }
}
