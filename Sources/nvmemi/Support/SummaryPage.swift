/// The bundle's first page: one file of HTML that a browser shows without a network.
struct SummaryPage {
    var drives: [DriveSummary]
    var history: [LogEntry]
    var status: [String]
    var gaps: [String]
    var now = Moment.now

    var html: String {
        let rows = drives.map { drive in
            """
            <tr class="\(drive.health.rawValue)"><td>\(text(drive.label))<td>\(drive.health.rawValue)\
            <td>\(text(drive.model))<td>\(text(drive.serialNumber))<td>\(text(drive.firmware))\
            <td>\(text(drive.temperature.map { "\($0) °C" }))<td>\(text(drive.wear.map { "\($0) %" }))\
            <td>\(text(drive.spare.map { "\($0) %" }))<td>\(drive.allReasons.map(Self.escaped).joined(separator: "<br>"))
            """
        }.joined(separator: "\n")
        return """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>NVMe drives</title>
            <style>
            body { font-family: sans-serif; margin: 2em; } table { border-collapse: collapse; }
            td, th { border: 1px solid #ccc; padding: .3em .6em; text-align: left; vertical-align: top; }
            .fine td:nth-child(2) { background: #cfc; } .warning td:nth-child(2) { background: #fe9; }
            .critical td:nth-child(2), .unavailable td:nth-child(2) { background: #fbb; }
            pre { background: #f6f6f6; padding: 1em; white-space: pre-wrap; } figure { margin: 1em 0; }
            </style></head><body>
            <h1>NVMe drives</h1><p>\(Self.escaped(Moment.text(now))). \(Self.escaped(FleetSummary(drives).text)).</p>
            <table><tr><th>Drive<th>Health<th>Model<th>Serial number<th>Firmware<th>Temperature<th>Used\
            <th>Spare<th>What is the matter</tr>
            \(rows)
            </table>
            \(drives.map(charts).joined(separator: "\n"))
            <h2>What happened</h2><pre>\(lines(historyLines))</pre>
            <h2>The daemon</h2><pre>\(lines(status))</pre>
            <h2>What is missing here</h2><pre>\(lines(gaps.isEmpty ? ["Nothing."] : gaps))</pre>
            </body></html>

            """
    }

    var historyLines: [String] {
        history.isEmpty
            ? ["Nothing that the log tells."] : HistoryPage(entries: history).lines(Report())
    }

    // MARK: Charts

    private func charts(_ drive: DriveSummary) -> String {
        let own = history.filter { $0["drive"] == drive.name }
        func points(_ key: String, _ present: Int?) -> [(UInt64, Int)] {
            let past = own.compactMap { entry -> (UInt64, Int)? in
                guard let time = entry.time, let value = entry[key].flatMap({ Int($0) }) else {
                    return nil
                }
                return (time, value)
            }
            return past + (present.map { [(now, $0)] } ?? [])
        }
        let troubles = own.filter {
            ($0.priority ?? 5) <= 4 || $0.message.hasPrefix("command failed")
        }
        let counted = troubles.enumerated().compactMap { index, entry in
            entry.time.map { ($0, index + 1) }
        }
        let charts = [
            chart("Temperature, °C", points("celsius", drive.temperature)),
            chart("Life used, %", points("percent-used", drive.wear)),
            chart("Warnings and failed commands in the log", counted),
        ].joined()
        return charts.isEmpty
            ? "" : "<h2>\(text(drive.label)) \(text(drive.serialNumber))</h2>" + charts
    }

    /// Values over time; nothing where there are fewer than two.
    private func chart(_ title: String, _ points: [(time: UInt64, value: Int)]) -> String {
        guard points.count > 1, let first = points.first, let last = points.last else { return "" }
        let (width, height) = (640.0, 120.0)
        let span = Double(max(1, last.time - min(first.time, last.time)))
        let low = points.map(\.value).min() ?? 0
        let highest = points.map(\.value).max() ?? low
        let high = max(highest, low + 1)
        let path = points.map { point in
            let x = Double(point.time - min(first.time, point.time)) / span * width
            let y = height - Double(point.value - low) / Double(high - low) * height
            return "\(Int(x)),\(Int(y) + 10)"
        }.joined(separator: " ")
        return """
            <figure><figcaption>\(Self.escaped(title)): \(highest == low ? "" : "\(low) to ")\(highest), \
            \(Self.escaped(Moment.text(first.time))) to \(Self.escaped(Moment.text(last.time)))</figcaption>
            <svg width="660" height="140" viewBox="-10 0 670 140" role="img">
            <rect x="0" y="10" width="640" height="120" fill="#f6f6f6"/>
            <polyline points="\(path)" fill="none" stroke="#246" stroke-width="2"/></svg></figure>

            """
    }

    // MARK: Text

    private func text(_ text: String?) -> String { text.map(Self.escaped) ?? "-" }
    private func lines(_ lines: [String]) -> String {
        lines.map(Self.escaped).joined(separator: "\n")
    }

    /// As it stands on the page.
    static func escaped(_ text: String) -> String {
        let names: [Character: String] = ["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;"]
        return Columns.printable(text).map { names[$0] ?? String($0) }.joined()
    }
}
