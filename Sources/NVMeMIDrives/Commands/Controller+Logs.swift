import EventLoop
import Logging
public import NVMeMI
import NVMeMIClient

extension Controller {
    /// Carries out a command for somebody.
    ///
    /// - Throws: `DriveError`.
    public func perform<C: Command>(
        _ command: C,
        for requester: Requester,
        timeLimit: Duration? = nil
    ) async throws(DriveError) -> C.Reply {
        try await endpoint.perform(command, for: requester, timeLimit: timeLimit)
    }

    /// The length in bytes of a log page that always has the same; nil for other pages.
    public func length(of page: LogPageIdentifier) -> UInt64? {
        page == .errorInformation ? errorLogLength : page.fixedLength.map(UInt64.init)
    }

    /// What it can do with log pages; everything while it has not said.
    public var logPageAbilities: LogPageAbilities { identity?.logPageAbilities ?? .all }

    private var errorLogLength: UInt64 {
        (UInt64(identity?.errorLogPageEntries ?? 0) + 1) * UInt64(ErrorLogEntry.layout.size)
    }

    /// The newest entries of the error log that are in use; 0 asks for all.
    ///
    /// - Throws: `DriveError`.
    public func errorLog(
        entries: UInt32,
        for requester: Requester
    ) async throws(DriveError) -> [ErrorLogEntry] {
        let size = UInt64(ErrorLogEntry.layout.size)
        let length = entries == 0 ? errorLogLength : min(UInt64(entries) * size, errorLogLength)
        var command = GetLogPage(.errorInformation, on: identifier, length: 4)
        command.retainsAsynchronousEvent = true
        let data = try await readLog(command, length: length, for: requester)
        do {
            return try ErrorLog(data: data).entries.filter { $0.errorCount != 0 }
        } catch {
            throw .command(
                CommandFailure(
                    of: GetLogPage.declaration.name,
                    to: endpoint.address,
                    .decoding(error)
                )
            )
        }
    }

    /// How often the drive was switched on.
    ///
    /// - Throws: `DriveError`.
    func powerCycles(for requester: Requester) async throws(DriveError) -> UInt128 {
        try await endpoint.perform(
            GetLogPage.smart(on: identifier).retainingEvents(with: logPageAbilities),
            for: requester
        ).powerCycles
    }

    /// Reads a log page in as many messages as it takes, under one time limit if one is given.
    ///
    /// What a controller without log page offsets does not give of a long page is left out, and told to the log.
    ///
    /// - Throws: `DriveError`.
    public func readLog(
        _ command: GetLogPage,
        length: UInt64,
        timeLimit: Duration? = nil,
        for requester: Requester
    ) async throws(DriveError) -> [UInt8] {
        let deadline = timeLimit.map { EventLoop.main.now + $0 }
        let abilities = logPageAbilities
        var reading: LogPageReading
        do {
            let plan = try LogPagePlan(
                command.retainingEvents(command.retainsAsynchronousEvent, with: abilities),
                length: length,
                abilities: abilities
            )
            reading = LogPageReading(plan, of: length)
        } catch {
            throw .argument("\(error)")
        }
        while let piece = reading.next() {
            let left = deadline.map { max($0 - EventLoop.main.now, .milliseconds(1)) }
            do {
                reading.take(
                    try await endpoint.perform(
                        piece,
                        for: requester,
                        timeLimit: left,
                        priority: length > 4096 ? .bulk : .interactive
                    )
                )
            } catch {
                try Self.take(error, into: &reading)
            }
        }
        if reading.isCut {
            endpoint.logger.notice(
                "log page is cut, as the controller has no offsets within log pages",
                metadata: [
                    "controller": "\(identifier)", "page": "\(command.page)",
                    "bytes": "\(reading.data.count)", "of": "\(length)",
                ]
            )
        }
        return reading.data
    }

    /// A refusal may be one that the reading knows how to go on from.
    private static func take(
        _ error: DriveError,
        into reading: inout LogPageReading
    ) throws(DriveError) {
        guard case .command(let failure) = error, case .device(let refusal) = failure.error else {
            throw error
        }
        do {
            try reading.take(refusal)
        } catch {
            throw .command(failure)
        }
    }
}

extension LogPageIdentifier {
    /// The length in bytes of a page that always has the same; nil for others.
    fileprivate var fixedLength: UInt32? {
        switch rawValue {
        case 0x00, 0x12: 1024
        case 0x02, 0x03, 0x09, 0x0A, 0x16, 0x81: 512
        case 0x04, 0x05, 0x13, 0x18, 0xBF: 4096
        case 0x06: 564
        case 0x80: 64
        default: nil
        }
    }
}
