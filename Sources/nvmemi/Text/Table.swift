/// Rows of text in aligned columns.
struct Table {
    /// The head of a column and how it behaves.
    struct Column {
        var title: String
        var alignment: Columns.Alignment = .leading
        /// Least width that it may be cut to where the terminal is too narrow; nil: it is never cut.
        var shrinksTo: Int?

        init(_ title: String, _ alignment: Columns.Alignment = .leading, shrinksTo: Int? = nil) {
            self.title = title
            self.alignment = alignment
            self.shrinksTo = shrinksTo
        }
    }

    /// A text in a row.
    struct Cell: ExpressibleByStringLiteral {
        var text: String
        var emphasis: Emphasis = .plain

        init(_ text: String, _ emphasis: Emphasis = .plain) {
            self.text = Columns.printable(text)
            self.emphasis = emphasis
        }

        init(stringLiteral value: String) { self.init(value) }

        /// What stands in for a value that is not known.
        static let unknown = Cell("-")
    }

    var columns: [Column]
    var rows: [[Cell]] = []
    /// False leaves the line of titles out, for lists of names and values.
    var hasTitles = true
    var indentation = 0
    /// Whether a text of the last column that is too long goes on below, instead of being cut.
    var wrapsLastColumn = false

    private static let gap = "  "

    init(_ columns: [Column]) { self.columns = columns }

    /// The lines of the table, no wider than `width` where that can be done by cutting columns that
    /// allow it; nil: as wide as they are.
    func lines(width: Int?, style: Style = .plain) -> [String] {
        let widths = fittedWidths(to: width)
        var lines: [String] = []
        if hasTitles, !rows.isEmpty {
            lines.append(line(columns.map { Cell($0.title, .title) }, widths, style))
        }
        for row in rows {
            for piece in pieces(of: row, widths) { lines.append(line(piece, widths, style)) }
        }
        return lines
    }

    /// The lines that a row takes: more than one where its last text goes on below.
    private func pieces(of row: [Cell], _ widths: [Int]) -> [[Cell]] {
        guard wrapsLastColumn, row.count == columns.count, let last = row.last,
            let room = widths.last, Columns.width(last.text) > room
        else { return [row] }
        let texts = Columns.wrapped(last.text, to: room)
        let empty = Array(repeating: Cell(""), count: row.count - 1)
        return texts.enumerated().map { index, text in
            (index == 0 ? Array(row.dropLast()) : empty) + [Cell(text, last.emphasis)]
        }
    }

    /// How wide it is when every column that can be cut is cut as far as it can be.
    var leastWidth: Int {
        let widths = columns.enumerated().map { index, column in
            min(naturalWidth(index), column.shrinksTo ?? .max)
        }
        return indentation + widths.reduce(0, +) + Table.gap.count * (columns.count - 1)
    }

    /// How wide a column is when nothing is cut.
    private func naturalWidth(_ index: Int) -> Int {
        rows.reduce(hasTitles ? Columns.width(columns[index].title) : 0) { widest, row in
            index < row.count ? max(widest, Columns.width(row[index].text)) : widest
        }
    }

    private func line(_ cells: [Cell], _ widths: [Int], _ style: Style) -> String {
        var line = String(repeating: " ", count: indentation)
        for (index, column) in columns.enumerated() {
            let cell = index < cells.count ? cells[index] : Cell("")
            let text = Columns.shortened(cell.text, to: widths[index])
            // The filling stays outside of the colour, so that it can be taken off the end of the line.
            let filling = String(
                repeating: " ",
                count: max(0, widths[index] - Columns.width(text))
            )
            let styled = style.apply(cell.emphasis, to: text)
            line += column.alignment == .leading ? styled + filling : filling + styled
            if index < columns.count - 1 { line += Table.gap }
        }
        while line.last == " " { line.removeLast() }
        return line
    }

    private func fittedWidths(to width: Int?) -> [Int] {
        var widths = columns.indices.map(naturalWidth)
        guard let width else { return widths }
        var excess =
            indentation + widths.reduce(0, +) + Table.gap.count * (columns.count - 1) - width
        // Take from the widest first, so that short columns stay whole as long as possible.
        while excess > 0 {
            let shrinkable = columns.indices.filter { widths[$0] > columns[$0].shrinksTo ?? .max }
            guard let widest = shrinkable.max(by: { widths[$0] < widths[$1] }) else { break }
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }
}
