import DBus
import EventLoop
import Logging
import NVMeMIDrives

extension Invocation {
    /// Does what changes a drive, and tells the log who did what to which drive, and what came of it.
    ///
    /// - Parameters:
    ///   - action: What is done.
    ///   - endpoint: By which endpoint.
    ///   - details: With what, by name.
    ///   - body: Does it.
    /// - Returns: What it returns.
    /// - Throws: What it throws.
    @LoopActor
    func recording<Result>(
        _ action: String,
        on endpoint: Endpoint,
        _ details: [(name: String, value: String)] = [],
        _ body: @LoopActor () async throws -> Result
    ) async throws -> Result {
        let record = Record(action, on: endpoint, details, by: self)
        do {
            let result = try await body()
            record.tell("done")
            return result
        } catch {
            record.tell(error)
            throw error
        }
    }

    /// Tells the log who did to an endpoint what is done already.
    @LoopActor
    func record(
        _ action: String,
        on endpoint: Endpoint,
        _ details: [(name: String, value: String)] = []
    ) {
        Record(action, on: endpoint, details, by: self).tell("done")
    }

    /// Starts what goes on without the call, and tells the log who was refused; of a job that is started, the
    /// job tells by itself.
    ///
    /// - Parameters:
    ///   - action: What is done.
    ///   - endpoint: By which endpoint.
    ///   - details: With what, by name.
    ///   - body: Checks what can be checked, and makes what the job does.
    /// - Returns: The job's path.
    /// - Throws: What it throws, or why no job can be started.
    @LoopActor
    func starting(
        _ action: String,
        on endpoint: Endpoint,
        _ details: [(name: String, value: String)] = [],
        _ body: @LoopActor () async throws -> any JobWork
    ) async throws -> ObjectPath {
        BusPaths.job(try await startingJob(action, on: endpoint, details, body))
    }

    /// The same with the job itself.
    @LoopActor
    func startingJob(
        _ action: String,
        on endpoint: Endpoint,
        _ details: [(name: String, value: String)] = [],
        _ body: @LoopActor () async throws -> any JobWork
    ) async throws -> Job {
        let record = Record(action, on: endpoint, details, by: self)
        let meant = (drive: endpoint.drive, serialNumber: endpoint.identity?.serialNumber)
        do {
            let work = try await body()
            guard let drive = endpoint.drive else {
                throw DriveError.unavailable(endpoint.address, reason: "it is of no drive yet")
            }
            // What was checked took time, in which the drive may have been swapped.
            guard drive === meant.drive || endpoint.identity?.serialNumber == meant.serialNumber
            else { throw DriveError.notAllowed("\(action): another drive has taken its place") }
            return try endpoint.fleet.jobs.start(work, on: drive, by: starter)
        } catch {
            record.tell(error)
            throw error
        }
    }

    /// The caller as one who starts and cancels jobs.
    @LoopActor
    var starter: JobStarter {
        JobStarter(
            userID: credentials.userID,
            caller: sender,
            requester: requester,
            labels: callerLabels
        )
    }
}

/// Who does what to which drive, as the drive was before; it may be gone afterwards.
@LoopActor
private struct Record {
    private var metadata: Logger.Metadata
    private let logger: Logger

    init(
        _ action: String,
        on endpoint: Endpoint,
        _ details: [(name: String, value: String)],
        by call: Invocation
    ) {
        logger = endpoint.logger
        metadata = endpoint.drive?.labels ?? [:]
        metadata.merge(call.callerLabels) { _, new in new }
        metadata["action"] = "\(action)"
        for (name, value) in details { metadata[name] = "\(value)" }
    }

    func tell(_ outcome: String) {
        var metadata = metadata
        metadata["outcome"] = "\(outcome)"
        logger.notice("changed by a caller", metadata: metadata)
    }

    func tell(_ error: any Error) {
        let seen = (error as? DriveError).map(BusErrors.error) ?? error
        tell((seen as? DBusError)?.message ?? "\(seen)")
    }
}
