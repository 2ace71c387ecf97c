import DBus
import EventLoop
import NVMeMI
import NVMeMIDrives

/// A log page on its way into somebody's file, piece by piece.
///
/// Nothing of it is kept but the piece under way: a page may be as large as a drive likes, and its reader as slow as
/// he likes, until his time is over.
@LoopActor
final class LogStream {
    private let controller: Controller
    private let file: WritableFile
    private let deadline: MonotonicInstant
    private let requester: Requester
    /// Bytes that the file has taken.
    private(set) var written: UInt64 = 0

    init(
        of controller: Controller,
        to file: WritableFile,
        timeLimit: Duration?,
        for requester: Requester
    ) {
        self.controller = controller
        self.file = file
        self.requester = requester
        deadline = timeLimit.map { EventLoop.main.now + $0 } ?? .distantFuture
    }

    /// Reads bytes of a page and writes them.
    ///
    /// - Parameters:
    ///   - template: Says which page, and whether its event is acknowledged in the end.
    ///   - range: The bytes.
    /// - Throws: What went wrong, with how much was written.
    func run(_ template: GetLogPage, _ range: Range<UInt64>) async throws {
        do {
            let before = try await change(of: template)
            if controller.logPageAbilities.hasOffset {
                try await pieces(template, range)
            } else {
                try await whole(template, range)
            }
            guard try await change(of: template) == before else {
                throw BusErrors.unavailable("the log page has changed while it was read")
            }
        } catch {
            throw failure(error)
        }
    }

    private func change(of template: GetLogPage) async throws -> UInt64? {
        try await controller.change(of: template, timeLimit: left, for: requester)
    }

    private func pieces(_ template: GetLogPage, _ range: Range<UInt64>) async throws {
        var offset = range.lowerBound
        while offset < range.upperBound {
            let size = min(range.upperBound - offset, UInt64(AdminMessage.maximumDataLength))
            var command = template
            command.offset = offset
            command.retainsAsynchronousEvent =
                template.retainsAsynchronousEvent || offset + size < range.upperBound
            let piece = try await controller.readLog(
                command,
                length: size,
                timeLimit: left,
                for: requester
            )
            try await write(piece[...])
            offset += UInt64(piece.count)
            // The page ends here.
            if UInt64(piece.count) < size { return }
        }
    }

    /// A controller without offsets gives no more than fits into memory.
    private func whole(_ template: GetLogPage, _ range: Range<UInt64>) async throws {
        guard range.lowerBound < LogPagePlan.limitWithoutOffset else {
            throw BusErrors.unsupported(
                "controller \(controller.identifier) has no offsets within log pages, and gives the first "
                    + "\(LogPagePlan.limitWithoutOffset) bytes only"
            )
        }
        let page = try await controller.readLog(
            template,
            length: range.upperBound,
            timeLimit: left,
            for: requester
        )
        try await write(page.dropFirst(Int(range.lowerBound)))
    }

    private func write(_ bytes: ArraySlice<UInt8>) async throws {
        try await file.write(all: bytes, until: deadline) { written += UInt64($0) }
    }

    /// What remains of the caller's time limit; nil where there is none.
    private var left: Duration? {
        guard deadline != .distantFuture else { return nil }
        return max(EventLoop.main.now.duration(to: deadline), .milliseconds(1))
    }

    /// An error with how much was written.
    private func failure(_ error: any Error) -> any Error {
        var seen: DBusError
        switch error {
        case let error as DriveError: seen = BusErrors.error(for: error)
        case let error as DBusError: seen = error
        case let error as SystemCallError:
            seen = .failed("the file cannot be written: \(error)")
        case is DeadlineExceeded:
            seen = BusErrors.timeout(
                EventLoop.main.now < deadline
                    ? "whoever reads the file took nothing for \(WritableFile.patience)"
                    : "the time limit of the call is over"
            )
        default: return error
        }
        var details = seen.details ?? [:]
        details["written"] = .uint64(written)
        seen.message += "; \(written) bytes were written"
        seen.details = details
        return seen
    }
}
