import ArgumentParser
import DBus
import EventLoop

struct JobsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs",
        abstract: "List, follow and cancel what takes longer than a call.",
        usage: "nvmemi jobs [list|watch|cancel] ...",
        subcommands: [List.self, Watch.self, Cancel.self],
        defaultSubcommand: List.self
    )

    @OptionGroup var options: GlobalOptions

    static let interface = "Job1"
}

extension JobsCommand {
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List the jobs that go on, and those that ended lately.",
            usage: "nvmemi jobs list [options]",
            discussion: "JSON: an array of the properties of each, with its number and path."
        )

        @OptionGroup var options: GlobalOptions

        func run() throws {
            try options.perform { client, output in
                let jobs = try await client.jobs()
                let rows = jobs.map { job in
                    guard case .dictionary(let entries) = job.status.properties else {
                        return job.status.properties
                    }
                    return Datum.dictionary(
                        [.init("number", .unsigned(job.number)), .init("path", .text(job.path))]
                            + entries
                    )
                }
                try output.show(.list(rows)) { report in
                    jobs.isEmpty
                        ? ["There are no jobs."]
                        : JobsCommand.table(jobs).lines(width: report.width, style: report.style)
                }
            }
        }
    }

    fileprivate static func table(_ jobs: [Client.Job]) -> Table {
        var table = Table([
            .init("JOB", .trailing), .init("OPERATION"), .init("DRIVE"), .init("STATE"),
            .init("DONE", .trailing), .init("LEFT", .trailing), .init("STEP", shrinksTo: 20),
        ])
        table.wrapsLastColumn = true
        table.rows = jobs.map { job in
            let status = job.status
            let left = status.isOver ? nil : status.secondsLeft(at: JobStatus.now)
            return [
                .init("\(job.number)"), .init(status.operation), .init(job.drive),
                .init(status.state), .init(status.fraction.map { "\(Int($0 * 100)) %" } ?? "-"),
                .init(left.map(JobStatus.duration) ?? "-"),
                .init(status.isOver ? status.message : status.step),
            ]
        }
        return table
    }

    struct Watch: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "watch",
            abstract: "Follow a job to its end.",
            usage: "nvmemi jobs watch <job> [options]",
            discussion: """
                On a terminal a bar shows how far it is, elsewhere a line each step. Ctrl-C asks whether to \
                cancel the job or only to stop watching.

                --certificate is for jobs that erase, also for one that has ended or was begun elsewhere.

                JSON: an object with the job's result.
                """
        )

        @OptionGroup var options: GlobalOptions
        @OptionGroup var certificate: CertificateOptions

        @Argument(help: "The job's number, or its path.")
        var job: JobName

        func run() throws {
            let (name, certificate) = (job, certificate)
            try options.perform { client, output in
                let status = try await client.follow(try await client.job(name))
                if certificate.certificate != nil, status.result["Method"] == nil {
                    throw Failure(
                        .usage,
                        "\(status.operation) erases nothing; there is no certificate of it."
                    )
                }
                try certificate.makeFiles()?.write(status)
                try output.show(status.result, units: JobStatus.units)
            }
        }
    }

    struct Cancel: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "cancel",
            abstract: "Have a job end before its time.",
            usage: "nvmemi jobs cancel <job> [options]",
            discussion:
                "For root and the user who started it. What comes of it shows `nvmemi jobs`."
        )

        @OptionGroup var options: GlobalOptions

        @Argument(help: "The job's number, or its path.")
        var job: JobName

        func run() throws {
            let name = job
            try options.perform { client, _ in
                let path = try await client.job(name)
                _ = try await client.call(path.string, JobsCommand.interface, "Cancel")
            }
        }
    }
}

/// A job as a person names it: by its number or its path.
struct JobName: ExpressibleByArgument, Equatable, Sendable {
    var number: UInt64

    init?(argument: String) {
        guard let number = UInt64(argument.split(separator: "/").last ?? "") else { return nil }
        self.number = number
    }
}

extension Client {
    /// A job with its number.
    fileprivate struct Job {
        var number: UInt64
        var path: String
        var status: JobStatus

        /// The drive's name.
        var drive: String {
            status.properties["Drive"]?.nonEmptyText?.split(separator: "/").last.map(String.init)
                ?? "-"
        }
    }

    private func jobPaths() async throws -> [String] {
        guard
            case .list(let paths)? = Datum(try await properties(Inventory.root, "Manager1"))["Jobs"]
        else { return [] }
        return paths.compactMap(\.nonEmptyText)
    }

    fileprivate func jobs() async throws -> [Job] {
        var jobs: [Job] = []
        for path in try await jobPaths() {
            guard let name = JobName(argument: path) else { continue }
            // One may end and be forgotten meanwhile.
            guard let properties = try? await properties(path, JobsCommand.interface) else {
                continue
            }
            let status = JobStatus(properties: Datum(properties))
            jobs.append(Job(number: name.number, path: path, status: status))
        }
        return jobs
    }

    /// The job that a name means.
    fileprivate func job(_ name: JobName) async throws -> ObjectPath {
        let paths = try await jobPaths()
        guard let path = paths.first(where: { JobName(argument: $0) == name }) else {
            throw Failure(
                .noEndpoint,
                "There is no job \(name.number).",
                advice: "`nvmemi jobs` lists those that there are."
            )
        }
        return try ObjectPath(path)
    }
}
