import ArgumentParser
import Glibc

/// How data is written that has no names for its fields, or whose bytes are wanted.
struct BinaryOptions: ParsableArguments {
    @Flag(help: "Write the bytes as hexadecimal with offsets.")
    var hex = false

    @Flag(help: "Write the bytes as they are to standard output.")
    var raw = false

    @Option(
        help: ArgumentHelp("Write the bytes to a file.", valueName: "file"),
        completion: .file()
    )
    var output: String?

    func validate() throws {
        if [hex, raw, output != nil].filter({ $0 }).count > 1 {
            throw ValidationError("Only one of --hex, --raw and --output can be given.")
        }
        if raw, isatty(STDOUT_FILENO) == 1 {
            throw ValidationError(
                "--raw would write bytes to the terminal: redirect it, or use --output or --hex."
            )
        }
    }

    /// Whether the bytes were asked for rather than what they mean.
    var wantsBytes: Bool { hex || raw || output != nil }

    /// Writes bytes in the way that was asked for; as a dump when none was.
    func write(_ bytes: [UInt8], to standardOutput: Output) throws(Failure) {
        if let output {
            let file = try FileDescriptor.create(output)
            defer { file.close() }
            try Descriptor.write(bytes, to: file.number, name: output)
        } else if raw {
            try standardOutput.write(bytes)
        } else {
            try standardOutput.show(.dictionary([.init("data", .bytes(bytes))])) { _ in
                HexDump.lines(bytes)
            }
        }
    }
}
