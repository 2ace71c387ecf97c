import Glibc

/// Where a command's results go, and in what form.
struct Output: Sendable {
    var isJSON: Bool
    var width: Int?
    var style: Style

    /// Results for the process's standard output.
    static func standard(isJSON: Bool) -> Output {
        Output(isJSON: isJSON, width: Terminal.width, style: Terminal.style)
    }

    /// A result in the form that was asked for.
    func show(_ datum: Datum, asText lines: (Report) -> [String]) throws(Failure) {
        try write(
            isJSON
                ? JSONWriter.document(datum)
                : lines(Report(width: width, style: style)).map { $0 + "\n" }.joined()
        )
    }

    /// A result that reads as names and values.
    func show(_ datum: Datum) throws(Failure) {
        try show(datum) { $0.lines(datum) }
    }

    func write(_ text: String) throws(Failure) { try write(Array(text.utf8)) }

    /// All of the bytes to standard output.
    func write(_ bytes: [UInt8]) throws(Failure) {
        try Descriptor.write(bytes, to: STDOUT_FILENO, name: "standard output")
    }
}

/// Writing to file descriptors.
///
/// Not `print`: it says nothing of a full disk, and standard error has no safe name in Swift 6.
enum Descriptor {
    static func write(_ bytes: [UInt8], to descriptor: Int32, name: String) throws(Failure) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written)
            }
            let error = errno
            if count >= 0 {
                written += count
            } else if error == EPIPE {
                // Whoever read has seen enough, as `head` does; libdbus keeps the signal from saying so.
                exit(128 + SIGPIPE)
            } else if error != EINTR {
                throw Failure(
                    .failed,
                    "Cannot write to \(name): \(String(cString: strerror(error)))"
                )
            }
        }
    }

    /// A line to standard error; when even that fails there is nobody left to tell.
    static func complain(_ text: String) {
        try? write(Array((text + "\n").utf8), to: STDERR_FILENO, name: "standard error")
    }
}
