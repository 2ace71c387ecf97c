import Glibc

/// Where a command's results go, and in what form.
struct Output: Sendable {
    var isJSON: Bool
    var width: Int?
    var style: Style
    var glyphs: Glyphs = .unicode

    /// Results for the process's standard output.
    static func standard(isJSON: Bool) -> Output {
        Output(
            isJSON: isJSON,
            width: Terminal.width,
            style: Terminal.style,
            glyphs: Terminal.glyphs
        )
    }

    /// A result in the form that was asked for.
    func show(_ datum: Datum, asText lines: (Report) -> [String]) throws(Failure) {
        guard !isJSON else { return try write(JSONWriter.document(datum)) }
        try write(lines: lines(Report(width: width, style: style, glyphs: glyphs)))
    }

    /// A result that reads as names and values, some of which may have units of their own.
    func show(_ datum: Datum, units: [String: Unit] = [:]) throws(Failure) {
        try show(datum) { report in
            var report = report
            report.units = units
            return report.lines(datum)
        }
    }

    /// Lines for people, with the characters that their terminal has.
    func write(lines: [String]) throws(Failure) {
        try write(lines.map { glyphs.shown($0) + "\n" }.joined())
    }

    func write(_ text: String) throws(Failure) { try write(Array(text.utf8)) }

    /// All of the bytes to standard output.
    func write(_ bytes: [UInt8]) throws(Failure) {
        try Descriptor.write(bytes, to: STDOUT_FILENO, name: "standard output")
    }
}
