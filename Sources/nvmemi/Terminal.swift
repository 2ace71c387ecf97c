import Glibc

/// What is known of the terminal that output goes to.
enum Terminal {
    /// Columns of the terminal; nil when standard output is none, so that files are never cut.
    static var width: Int? {
        guard isatty(STDOUT_FILENO) == 1 else { return nil }
        var size = winsize()
        if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
            return Int(size.ws_col)
        }
        return Environment["COLUMNS"].flatMap { Int($0) } ?? 80
    }

    /// Lines of the terminal; nil when standard output is none.
    static var height: Int? {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0 else {
            return nil
        }
        return Int(size.ws_row)
    }

    /// What the locale says that the terminal can show: only one that is not of UTF-8 is taken at its word.
    static var glyphs: Glyphs {
        let locale = Environment["LC_ALL"] ?? Environment["LC_CTYPE"] ?? Environment["LANG"] ?? "C"
        let name = locale.lowercased()
        return name.contains("utf-8") || name.contains("utf8") ? .unicode : .ascii
    }

    /// Colour only on a terminal that has it, and that nobody asked to leave it out (https://no-color.org).
    static var style: Style {
        let isWanted = Environment["NO_COLOR"] == nil && Environment["TERM"] != "dumb"
        return isatty(STDOUT_FILENO) == 1 && isWanted ? .colour : .plain
    }
}

/// The process's environment.
enum Environment {
    /// A variable's value; nil when it is not set or empty.
    static subscript(name: String) -> String? {
        guard let value = getenv(name) else { return nil }
        let text = String(cString: value)
        return text.isEmpty ? nil : text
    }

    /// All variables as they were when the process began, as `NAME=value`.
    ///
    /// From the kernel: the C library's `environ` is a variable that Swift takes for unsafe.
    static var all: [String] {
        File.bytes("/proc/self/environ").split(separator: 0).map {
            String(decoding: $0, as: UTF8.self)
        }
    }
}
