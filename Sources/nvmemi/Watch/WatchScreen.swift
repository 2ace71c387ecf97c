import EventLoop
import Glibc

/// A screen of all drives that stays up to date.
@LoopActor
struct WatchScreen {
    private var history: [String: Sparkline] = [:]
    /// How many of the last temperatures are shown.
    private static let length = 24
    private let output: Output

    init(_ output: Output) { self.output = output }

    /// Takes the present temperatures.
    mutating func note(_ drives: [DriveSummary]) {
        let drives = drives.byIdentity
        let present = Set(drives.map(\.identity))
        history = history.filter { present.contains($0.key) }
        for (identity, drive) in drives {
            guard let temperature = drive.temperature else { continue }
            history[identity, default: Sparkline(length: Self.length)].add(temperature)
        }
    }

    /// The screen's lines, no more than it has.
    func lines(_ drives: [DriveSummary], height: Int?, now: UInt64) -> [String] {
        let report = Report(width: output.width, style: output.style, glyphs: output.glyphs)
        var table = Table([
            .init("DRIVE"), .init("HEALTH"), .init("SERIAL"), .init("TEMP", .trailing),
            .init("LAST MINUTES"), .init("WEAR", .trailing), .init("AGE", .trailing),
        ])
        let isAnyMarked = drives.contains { drive in
            [.temperature, .wear].contains { (column: DriveColumn) in
                column.isMarked(of: drive, now: now)
            }
        }
        let room = max(2, (height ?? .max) - (isAnyMarked ? 4 : 3))
        // Where not all have room, those that are not well come first.
        let isCut = drives.count >= room
        let rows = drives.byIdentity.enumerated().sorted { left, right in
            let ranks = (left.element.drive.health.rank, right.element.drive.health.rank)
            return isCut && ranks.0 != ranks.1 ? ranks.0 > ranks.1 : left.offset < right.offset
        }
        table.rows = rows.map { row in
            let (identity, drive) = row.element
            let bars = history[identity]?.text(in: Sparkline.range(of: drive), report.glyphs)
            func cell(_ column: DriveColumn) -> Table.Cell {
                column.cell(of: drive, now: now, report.glyphs)
            }
            return [
                Table.Cell(drive.label), cell(.health), cell(.serial), cell(.temperature),
                Table.Cell(bars ?? ""), cell(.wear), cell(.age),
            ]
        }
        var lines = table.lines(width: report.width, style: report.style)
        if lines.count > room {
            lines = lines.prefix(room - 1) + ["and \(drives.count - room + 2) more"]
        }
        if isAnyMarked { lines.append(DriveColumn.markMeaning) }
        return lines + ["", FleetSummary(drives).text + "   " + Moment.clock(now)]
    }

    /// Writes the screen over the one before; below each other where there is no terminal.
    func draw(_ drives: [DriveSummary]) throws(Failure) {
        let isTerminal = isatty(STDOUT_FILENO) == 1
        let lines = lines(drives, height: isTerminal ? Terminal.height : nil, now: Moment.now)
        if isTerminal { try output.write("\u{1b}[H") }
        let shown = lines.map { output.glyphs.shown($0) + (isTerminal ? "\u{1b}[K" : "") + "\n" }
        try output.write(shown.joined() + (isTerminal ? "\u{1b}[J" : ""))
    }
}
