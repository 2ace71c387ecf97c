import Glibc

/// The record of an erasing that an auditor keeps.
///
/// It has the fields of the sample certificate in NIST SP 800-88: what the daemon and the drive told, and room for what
/// only people know.
struct ErasingCertificate {
    /// What only people know; each is empty where nobody said it.
    struct People: Equatable, Sendable {
        var operatorName = ""
        var organization = ""
        var location = ""
        var note = ""
    }

    var people: People
    var job: JobStatus

    private var result: Datum { job.result }

    /// The fields, in the order of the sample.
    var datum: Datum {
        .dictionary([
            .init("Standard", .text("NIST SP 800-88 Rev. 1")),
            .init(
                "PersonPerformingSanitization",
                .dictionary([
                    .init("Name", .text(people.operatorName)),
                    .init("Organization", .text(people.organization)),
                    .init("Location", .text(people.location)),
                ])
            ),
            .init(
                "MediaInformation",
                .dictionary(
                    [.init("MediaType", .text("NVMe drive"))]
                        + taken(
                            "Manufacturer",
                            "ModelNumber",
                            "SerialNumber",
                            "FirmwareRevision",
                            "SubsystemNQN",
                            "Capacity"
                        )
                )
            ),
            .init(
                "SanitizationDetails",
                .dictionary(
                    [
                        .init("Scope", .text(scope)),
                        .init("MethodType", .text(methodType)),
                        .init("Outcome", .text(job.state == "done" ? "Completed" : "Failed")),
                    ]
                        + taken("Method", "Action", "Parameters", "Namespaces")
                        + [
                            .init("Tool", .text("nvmemi")),
                            .init("ToolVersion", .text(CommandLineTool.version)),
                            .init("Started", .text(time("Started"))),
                            .init("Ended", .text(time("Ended"))),
                        ]
                )
            ),
            .init(
                "DriveReport",
                .dictionary(
                    taken(
                        "Status",
                        "SanitizeStatus",
                        "CommandDword10",
                        "GlobalDataErased",
                        "NamespaceDataErased",
                        "OverwritePasses",
                        "NVMeStatus",
                        "AnswerLost",
                        "NamespacesAfter"
                    )
                )
            ),
            .init("Note", .text(people.note)),
        ])
    }

    /// As a person reads and signs it.
    var text: String {
        let report = Report(width: nil, units: JobStatus.units)
        return """
            CERTIFICATE OF SANITIZATION\(namespaces.isEmpty ? "" : " OF \(scope.uppercased())")

            \(report.lines(datum).joined(separator: "\n"))

            Verified by            ____________________________
            Date and signature     ____________________________

            """
    }

    /// The namespaces that were erased; none when all of the drive was.
    private var namespaces: [String] {
        guard case .list(let numbers)? = result["Namespaces"] else { return [] }
        return numbers.compactMap { $0.number.map { "\(UInt32($0))" } }
    }

    /// What the certificate is about: a drive of which one namespace was erased still has the others.
    private var scope: String {
        switch namespaces.count {
        case 0: "Whole drive"
        case 1: "Namespace \(namespaces[0]) only"
        default: "Namespaces " + namespaces.joined(separator: ", ")
        }
    }

    /// Sanitize reaches what no other command does; Format NVM is not counted as more than clearing.
    private var methodType: String {
        result["Method"] == .text("Sanitize") ? "Purge" : "Clear"
    }

    private func taken(_ names: String...) -> [Datum.Entry] {
        names.compactMap { name in result[name].map { Datum.Entry(name, $0) } }
    }

    /// A time as ISO 8601 has it, in UTC; empty when the daemon does not tell.
    private func time(_ name: String) -> String {
        guard let milliseconds = result[name]?.number else { return "" }
        var seconds = time_t(milliseconds / 1000)
        var parts = tm()
        guard gmtime_r(&seconds, &parts) != nil else { return "" }
        func digits(_ number: Int32, _ count: Int = 2) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        return
            "\(digits(parts.tm_year + 1900, 4))-\(digits(parts.tm_mon + 1))-\(digits(parts.tm_mday))T"
            + "\(digits(parts.tm_hour)):\(digits(parts.tm_min)):\(digits(parts.tm_sec))Z"
    }
}
