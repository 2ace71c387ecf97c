import DBus
import EventLoop
import NVMeMI

/// Namespaces as rows for people.
enum NamespaceTable {
    static func table(_ rows: [Datum]) -> Table {
        var table = Table([
            .init("NSID", .trailing), .init("SIZE", .trailing), .init("USED", .trailing),
            .init("BLOCK", .trailing), .init("CONTROLLERS"), .init("NGUID", shrinksTo: 8),
        ])
        table.rows = rows.map { row in
            let bytes = { (name: String) in
                Table.Cell(row[name].map { Quantity.text($0, .bytes) } ?? "-")
            }
            return [
                Table.Cell(row["NSID"].map(Quantity.plain) ?? "-"), bytes("Size"),
                bytes("Utilization"), bytes("BlockSize"),
                Table.Cell(row["Controllers"].map(Quantity.plain) ?? "none"),
                Table.Cell(row["NGUID"].map(Quantity.plain) ?? "-"),
            ]
        }
        return table
    }
}

extension Inventory.Endpoint {
    /// The size of a namespace in parentheses, where the daemon knows it.
    func sizeNote(of nsid: UInt32) -> String {
        guard let namespace = namespaces.first(where: { $0.number == nsid }),
            let size = namespace.properties["Size"]
        else { return "" }
        return " (\(Quantity.text(size, .bytes)))"
    }
}

extension Client {
    /// What is known of each namespace; of those that no controller has, only the number.
    func namespaces(of target: Target) async throws -> [Datum] {
        let attached = target.endpoint.namespaces
        let numbers = attached.compactMap(\.number)
        let others = await allocatedNamespaces(of: target).filter { !numbers.contains($0) }
        return attached.map(\.properties)
            + others.map { .dictionary([.init("NSID", .unsigned(UInt64($0)))]) }
    }

    /// Stops where a drive that tells its namespaces has not this one, so that nobody is asked about nothing.
    func requireNamespace(_ nsid: UInt32, of target: Target) async throws {
        let known = Set(target.endpoint.namespaces.compactMap(\.number).map { UInt64($0) })
        guard nsid != .max, !known.isEmpty, !known.contains(UInt64(nsid)) else { return }
        // Where the drive does not tell all of them the daemon judges.
        guard let list = await allocatedNamespaceList(of: target), list.leftOut.isEmpty,
            list.continuation == nil
        else { return }
        let all = known.union(list.namespaces.map { UInt64($0) }).sorted()
        guard !all.contains(UInt64(nsid)) else { return }
        throw Failure(
            .usage,
            "Endpoint \(target.endpoint.address) has no namespace \(nsid).",
            advice: "It has: " + all.prefix(32).map { String($0) }.joined(separator: ", ")
        )
    }

    /// The namespaces that exist; none from a drive that does not tell.
    private func allocatedNamespaces(of target: Target) async -> [UInt32] {
        await allocatedNamespaceList(of: target)?.namespaces ?? []
    }

    /// The first list of the namespaces that exist; nil from a drive that does not tell.
    private func allocatedNamespaceList(of target: Target) async -> NamespaceList? {
        let reply = try? await call(
            target.controller.path,
            "Controller1",
            "Identify",
            [UInt8(0x10), UInt32(0), VariantDictionary()]
        )
        guard let data = try? reply?.read([UInt8].self) else { return nil }
        return try? NamespaceList(data: data)
    }

    /// Attaches or detaches; the target itself when no controller is named.
    func changeAttachment(
        _ member: String,
        _ target: Target,
        _ nsid: UInt32,
        _ controllers: [UInt16]
    ) async throws {
        let own = UInt16(clamping: target.controller.number ?? 0)
        _ = try await call(
            target.controller.path,
            NamespaceCommand.interface,
            member,
            [nsid, controllers.isEmpty ? [own] : controllers]
        )
    }
}
