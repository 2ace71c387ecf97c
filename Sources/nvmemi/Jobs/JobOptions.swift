import ArgumentParser
import DBus
import EventLoop

/// Whether a command waits for the job that it starts.
struct JobOptions: ParsableArguments {
    @Flag(help: "Print the job's path and end, instead of following the job.")
    var background = false

    /// Follows a job and shows its result, or shows its path.
    @LoopActor
    func finish(
        _ job: ObjectPath,
        _ client: Client,
        _ output: Output,
        _ result: (JobStatus) throws -> Datum = { $0.result }
    ) async throws {
        guard !background else {
            return try output.show(.dictionary([.init("job", .text(job.string))])) { _ in
                [job.string]
            }
        }
        try output.show(try result(try await client.follow(job)), units: JobStatus.units)
    }
}
