import ArgumentParser
import DBus
import EventLoop
import Glibc

import struct EventLoop.Signal

struct CaptureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capture",
        abstract: "Record the MCTP messages between the daemon and the drives.",
        usage: "nvmemi capture <file> [options]",
        discussion: """
            Writes a pcapng file that Wireshark and tshark decode; those newer than 4.0 up to the NVMe-MI \
            commands. It ends after --seconds, at --max-bytes, or when it is interrupted (Ctrl-C). \
            The daemon allows one capture at a time, to root only.

            A file that exists is written over. FILE can be - for standard output:
              nvmemi capture - | wireshark -k -i -
            """
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The file to write, or - for standard output.", completion: .file())
    var file: String

    @Option(help: "Record only this endpoint: 9, 1:9, serial number, place or object path.")
    var endpoint: EndpointName?

    @Option(help: ArgumentHelp("End after this time.", valueName: "seconds"))
    var seconds: Double?

    @Option(
        help: "End when the file has this size; 16 MiB where it is not given.",
        transform: Number.parse
    )
    var maxBytes: UInt64?

    private var isToStandardOutput: Bool { file == "-" }

    func validate() throws {
        if let seconds {
            guard seconds >= 0.001, seconds <= 86_400 else {
                throw ValidationError("--seconds takes a number from 0.001 to 86400.")
            }
        }
        if isToStandardOutput, isatty(STDOUT_FILENO) == 1 {
            throw ValidationError(
                "- would write bytes to the terminal: redirect it, or name a file."
            )
        }
    }

    func run() throws {
        let command = self
        try options.perform { client, output in
            let result = try await command.capture(client)
            if !command.isToStandardOutput { try output.show(result) }
        }
    }

    @LoopActor
    private func capture(_ client: Client) async throws -> Datum {
        var options = VariantDictionary()
        if let endpoint {
            options.set("endpoint", try ObjectPath(try await client.endpoint(endpoint).path))
        }
        if let seconds { options.set("duration-ms", UInt32(seconds * 1000)) }
        if let maxBytes { options.set("max-bytes", maxBytes) }

        // Before it is watched: the bus may have to start it.
        _ = try await client.properties(Inventory.root, Self.interface)
        // In place before the start, so that no end is missed.
        let end = Promise<Void>()
        let signals = try SignalSet([.interrupt, .terminate]) { _ in end.resolve() }
        defer { signals.close() }
        let daemon = client.watchDaemon {
            end.fail(Failure(.noDaemon, "The daemon left the bus, which ended the capture."))
        }
        defer { daemon.cancel() }
        let changes = try await client.observe(Inventory.root, Self.interface) { changed in
            if changed["Capturing"]?.decode(Bool.self) == false { end.resolve() }
        }
        defer { changes.cancel() }

        let existed = access(file, F_OK) == 0
        let handle =
            isToStandardOutput
            ? try FileDescriptorHandle(duplicating: STDOUT_FILENO)
            : FileDescriptorHandle(adopting: try FileDescriptor.create(file).number)
        do {
            _ = try await client.call(
                Inventory.root,
                Self.interface,
                "StartCapture",
                [handle, options]
            )
        } catch {
            // Nothing was captured, so nothing is left of it.
            if !isToStandardOutput, !existed { unlink(file) }
            if let error = error as? DBusError, error.isStandard("AccessDenied") {
                throw Failure(.notPermitted, error.message, advice: "Captures are for root only.")
            }
            throw error
        }
        let written = isToStandardOutput ? nil : FileSize(path: file)
        try await Progress.show(
            "Capturing",
            done: { written.map { Quantity.scaled(Double($0.bytes), "B") } ?? "" }
        ) { try await end.value }
        _ = try await client.call(Inventory.root, Self.interface, "StopCapture")
        let properties = try await client.properties(Inventory.root, Self.interface)
        return .dictionary(
            Datum.entries(properties).filter { $0.key.hasSuffix("Messages") }
                .sorted { $0.key < $1.key }
        )
    }

    private static let interface = "Diagnostics1"
}
