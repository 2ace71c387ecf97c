import NVMeMI

/// Any answer as lines for people: names and values in two columns, nested answers below their name.
struct Report {
    /// Width of the terminal; nil where nothing is to be cut.
    var width: Int?
    var style: Style = .plain
    var glyphs: Glyphs = .unicode
    /// Units of fields that mean something else here than their names say elsewhere.
    var units: [String: Unit] = [:]

    /// The lines for the entries of a dictionary or for a list of dictionaries; any other value is one
    /// line.
    func lines(_ datum: Datum, indentation: Int = 0) -> [String] {
        if case .list(let rows) = datum, Report.isTable(rows) {
            return records(rows, indentation: indentation)
        }
        guard case .dictionary(let entries) = datum else {
            return [String(repeating: " ", count: indentation) + Quantity.plain(datum)]
        }
        var lines: [String] = []
        // One width for the names of the whole block, also where nested answers stand between.
        let longest = entries.map { Columns.width(Words.split($0.key)) }.max() ?? 0
        for entry in entries {
            let title = Words.split(entry.key)
            switch entry.value {
            case .dictionary(let nested) where Report.isTable(nested.map(\.value)):
                lines.append(heading(title, indentation))
                let rows = nested.map { row in
                    guard case .dictionary(let cells) = row.value else { return row.value }
                    return Datum.dictionary([.init("", .text(row.key))] + cells)
                }
                lines += records(rows, indentation: indentation + 2)
            case .dictionary(let nested) where !nested.isEmpty:
                lines.append(heading(title, indentation))
                lines += self.lines(entry.value, indentation: indentation + 2)
            case .list(let rows) where Report.isTable(rows):
                lines.append(heading(title, indentation))
                lines += records(rows, indentation: indentation + 2)
            default:
                lines += self.line(
                    title,
                    entry,
                    filled: longest,
                    indentation: indentation
                )
            }
        }
        return lines
    }

    /// Dictionaries as a table, or one below the other where they have too many keys for the terminal.
    private func records(_ rows: [Datum], indentation: Int) -> [String] {
        let lines = table(rows, indentation: indentation).lines(width: width, style: style)
        guard let width, lines.contains(where: { Columns.width($0) > width }) else { return lines }
        return Array(
            rows.map { self.lines($0, indentation: indentation) }.joined(separator: [""])
        )
    }

    /// A table of dictionaries: a column for every key that any of them has.
    func table(_ rows: [Datum], indentation: Int = 0) -> Table {
        var keys: [String] = []
        for case .dictionary(let entries) in rows {
            for entry in entries where !keys.contains(entry.key) { keys.append(entry.key) }
        }
        var table = Table(
            keys.map { key in
                let isNumeric = rows.allSatisfy { $0[key]?.number != nil }
                return .init(
                    Words.split(key),
                    isNumeric ? .trailing : .leading,
                    shrinksTo: isNumeric ? nil : 8
                )
            }
        )
        table.indentation = indentation
        table.rows = rows.map { row in
            keys.map { key in Table.Cell(row[key].map { text($0, key) } ?? "-") }
        }
        return table
    }

    /// Whether a list holds only dictionaries, so that it reads better as a table.
    static func isTable(_ values: [Datum]) -> Bool {
        !values.isEmpty
            && values.allSatisfy {
                guard case .dictionary = $0 else { return false }
                return true
            }
    }

    private func text(_ value: Datum, _ field: String) -> String {
        Quantity.text(value, units[field] ?? Unit.of(field), glyphs)
    }

    private func heading(_ title: String, _ indentation: Int) -> String {
        String(repeating: " ", count: indentation)
            + style.apply(.title, to: Columns.printable(title))
    }

    /// A name and its value, the value broken over several lines at blanks when the terminal is
    /// narrow: values are never cut here.
    private func line(
        _ title: String,
        _ entry: Datum.Entry,
        filled: Int,
        indentation: Int
    ) -> [String] {
        let start =
            String(repeating: " ", count: indentation)
            + Columns.padded(Columns.printable(title), to: filled, .leading) + "  "
        let value = Columns.printable(text(entry.value, entry.key))
        let room = max(20, (width ?? .max) - Columns.width(start))
        let pieces = Columns.wrapped(value, to: room)
        return pieces.enumerated().map { index, piece in
            index == 0 ? start + piece : String(repeating: " ", count: Columns.width(start)) + piece
        }
    }
}
