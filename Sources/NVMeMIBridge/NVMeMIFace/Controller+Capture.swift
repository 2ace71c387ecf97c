import DBus
import EventLoop
import NVMeMI
import NVMeMIDrives

/// What ControllerControl1.CaptureTelemetry needs.
extension Controller {
    func capture(
        to handle: FileDescriptorHandle,
        _ dictionary: VariantDictionary,
        for call: Invocation
    ) async throws -> ObjectPath {
        var options = CallOptions(dictionary)
        let subject = try CaptureSubject(named: try options.text("log") ?? "HostTelemetry")
        let area = try options.number("area", in: UInt8(1)...4)
        let acknowledges = try options.flag("acknowledge") ?? false
        let isForced = try options.isForced()
        try options.finish()
        guard area == nil || subject != .persistentEvents else {
            throw BusErrors.invalidArgument("'area' is for telemetry, not for PersistentEvents")
        }
        guard !acknowledges || subject == .controllerTelemetry else {
            throw BusErrors.invalidArgument("'acknowledge' is for ControllerTelemetry")
        }
        let file = try WritableFile(handle)
        return try await call.starting(
            "CaptureTelemetry",
            on: endpoint,
            [("log", "\(subject.page)")]
        ) {
            try check(subject.page, isForced: isForced)
            return CaptureWork(
                subject,
                of: identifier,
                upToArea: area ?? 4,
                acknowledges: acknowledges,
                takesOver: isForced,
                to: FileSink(file)
            )
        }
    }
}

extension CaptureSubject {
    private static let names: KeyValuePairs<String, CaptureSubject> = [
        "HostTelemetry": .hostTelemetry, "ControllerTelemetry": .controllerTelemetry,
        "PersistentEvents": .persistentEvents,
    ]

    /// The log with a name.
    fileprivate init(named text: String) throws {
        guard let found = Self.names.first(where: { $0.key == text })?.value else {
            let names = Self.names.map(\.key).joined(separator: ", ")
            throw BusErrors.invalidArgument("option 'log' is '\(text)'; it takes \(names)")
        }
        self = found
    }
}

/// A caller's file as what is captured goes there.
@LoopActor
private final class FileSink: CaptureSink {
    private let file: WritableFile
    private var written: UInt64 = 0

    init(_ file: WritableFile) { self.file = file }

    func write(_ bytes: [UInt8]) async throws(DriveError) {
        do {
            try await file.write(all: bytes[...]) { written += UInt64($0) }
        } catch let error as SystemCallError {
            throw .failed("the file cannot be written: \(error); \(written) bytes were")
        } catch is DeadlineExceeded {
            throw .failed(
                "whoever reads the file took nothing for too long; \(written) bytes were written"
            )
        } catch {
            throw .interrupted("the file was not written to the end; \(written) bytes were")
        }
    }

    func rewind() -> Bool {
        guard file.rewind(by: written) else { return false }
        written = 0
        return true
    }
}
