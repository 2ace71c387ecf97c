public import NVMeMI

/// A log that is captured as it was at one time.
public enum CaptureSubject: Hashable, Sendable {
    /// What the controller collects when it is asked to.
    case hostTelemetry
    /// What the controller has collected by itself.
    case controllerTelemetry
    /// The history of the drive.
    case persistentEvents

    /// The log page.
    public var page: LogPageIdentifier {
        switch self {
        case .hostTelemetry: .telemetryHostInitiated
        case .controllerTelemetry: .telemetryControllerInitiated
        case .persistentEvents: .persistentEvent
        }
    }

    /// Bytes of the header.
    static let headerSize: UInt32 = 512

    /// Where the header has the number that changes with the page.
    var generation: Range<Int> {
        switch self {
        case .hostTelemetry: 381..<382
        case .controllerTelemetry: 383..<384
        case .persistentEvents: 372..<374
        }
    }
}

/// The header of a log that is captured.
struct CaptureHeader {
    private let view: RecordView
    let bytes: [UInt8]
    private let subject: CaptureSubject

    /// - Throws: `DriveError.failed` for bytes that are no such header.
    init(_ bytes: [UInt8], of subject: CaptureSubject) throws(DriveError) {
        guard bytes.count >= Int(CaptureSubject.headerSize), bytes[0] == subject.page.rawValue
        else {
            throw .failed(
                "what the drive sent of log page \(subject.page) is not its header: "
                    + "\(bytes.count) bytes that begin with \(bytes.first ?? 0)"
            )
        }
        self.bytes = bytes
        self.subject = subject
        view = RecordView(bytes)
    }

    /// The number that changes with the page.
    var generation: UInt64 {
        view.number(at: subject.generation.lowerBound, subject.generation.count)
    }

    /// The last block of a data area of telemetry, from 1 to 4, and of those before it.
    func lastBlock(ofArea area: UInt8) -> UInt64 {
        let areas = [(8, 2), (10, 2), (12, 2), (16, 4)].prefix(Int(area))
        return areas.reduce(0) { max($0, view.number(at: $1.0, $1.1)) }
    }

    /// Bytes of the page up to the end of a data area; all of it for a page without.
    func length(upToArea area: UInt8) -> UInt64 {
        subject == .persistentEvents
            ? max(view.number(at: 8, 8), UInt64(CaptureSubject.headerSize))
            : 512 * (1 + lastBlock(ofArea: area))
    }

    /// Whether the controller has collected something by itself.
    var hasControllerData: Bool { bytes[382] & 1 == 1 }

    /// Whether both are headers of the page as it was at one time.
    func isSame(as other: CaptureHeader, upToArea area: UInt8) -> Bool {
        generation == other.generation && length(upToArea: area) == other.length(upToArea: area)
    }
}
