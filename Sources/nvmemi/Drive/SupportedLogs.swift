import DBus
import EventLoop
import NVMeMI

/// The log pages that a drive has, as the daemon knows.
enum SupportedLogs {
    /// Number and name of each.
    @LoopActor
    static func read(of path: String, _ client: Client) async throws -> [(UInt8, String)] {
        let properties = try await client.properties(path, "Controller1")
        guard case .list(let rows)? = properties["SupportedLogs"].map(Datum.init) else {
            throw Failure(
                .failed,
                "The daemon does not tell which logs the drive has.",
                advice: "It may be older than this command; a log can be named all the same."
            )
        }
        return rows.compactMap { row in
            guard case .list(let parts) = row, parts.count == 2,
                case .unsigned(let number) = parts[0],
                case .text(let name) = parts[1], let page = UInt8(exactly: number)
            else { return nil }
            return (page, name)
        }
    }

    @LoopActor
    static func show(of path: String, _ client: Client, _ output: Output) async throws {
        let logs = try await read(of: path, client)
        let rows = logs.map { number, name in
            Datum.dictionary([
                .init("number", .unsigned(UInt64(number))), .init("name", .text(name)),
                .init(
                    "decoded",
                    .boolean(LogPages.find(LogPageIdentifier(rawValue: number)) != nil)
                ),
            ])
        }
        try output.show(.list(rows)) { report in
            var table = Table([.init("NUMBER"), .init("LOG"), .init("DECODED")])
            table.rows = logs.map { number, name in
                let isDecoded = LogPages.find(LogPageIdentifier(rawValue: number)) != nil
                return [
                    Table.Cell("0x" + HexDump.digits([number])), Table.Cell(name),
                    Table.Cell(isDecoded ? "yes" : "no"),
                ]
            }
            return table.lines(width: report.width, style: report.style)
        }
    }
}
