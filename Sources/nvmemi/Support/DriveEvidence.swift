import DBus
import EventLoop
import NVMeMI

/// Everything that can be read of a drive, for who is to find out what is the matter with it.
@LoopActor
struct DriveEvidence {
    let client: Client
    let bundle: SupportBundle
    let drive: Inventory.Drive

    private var summary: DriveSummary { DriveSummary(drive) }

    /// Puts all of it into the bundle; what cannot be had is noted there.
    func collect() async throws {
        let directory = summary.name
        if let object = drive.object {
            try bundle.add("\(directory)/drive.json", object.properties)
        }
        var answers = false
        for endpoint in drive.endpoints where try await collect(endpoint, in: directory) {
            answers = true
        }
        guard let endpoint = drive.endpoints.first, answers else { return }
        for controller in endpoint.controllers { try await collect(controller, in: directory) }
    }

    /// - Returns: Whether it answers: one that does not is not asked any further.
    private func collect(_ endpoint: Inventory.Endpoint, in directory: String) async throws -> Bool
    {
        let name = "\(directory)/endpoint-\(endpoint.network)-\(endpoint.endpoint)"
        try bundle.add("\(name).json", EndpointDetails.datum(endpoint))
        try bundle.add(
            "\(name).txt",
            text: EndpointDetails.lines(endpoint, Report()).map { $0 + "\n" }.joined()
        )
        for (member, file) in [
            ("GetStatistics", "statistics"), ("GetHealth", "health"),
            ("GetSubsystemInformation", "subsystem"), ("GetVPD", "vpd"),
        ] {
            let failure = try await bundle.attempt("\(file) of \(endpoint.address)") {
                let datum = try await client.dictionary(endpoint.path, "Endpoint1", member)
                // In hexadecimal a serial number would not be found by who is to take it out.
                try bundle.add("\(name)-\(file).json", datum.without("RawData"))
                if case .bytes(let bytes)? = datum["RawData"] {
                    try bundle.add("\(name)-\(file).bin", bytes, isText: false)
                }
            }
            if failure?.status == .timedOut {
                bundle.note("\(endpoint.address) does not answer; nothing more was asked of it")
                return false
            }
        }
        try await bundle.attempt("controller health of \(endpoint.address)") {
            let datum = try await client.dictionaries(
                endpoint.path,
                "Endpoint1",
                "GetControllerHealth"
            )
            try bundle.add("\(name)-controllers.json", datum)
        }
        try await bundle.attempt("configuration of \(endpoint.address)") {
            var rows: [Datum] = []
            for row in ConfigCommand.Row.all(of: endpoint) {
                rows.append(try await row.read(endpoint.path, client).datum)
            }
            try bundle.add("\(name)-configuration.json", .list(rows))
        }
        return true
    }

    private func collect(_ controller: Inventory.Object, in directory: String) async throws {
        let number = controller.number.map(String.init) ?? "x"
        let name = "\(directory)/controller-\(number)"
        let what = "of controller \(number) of \(summary.name)"
        try await bundle.attempt("identity \(what)") {
            let datum = try await client.dictionary(controller.path, "Controller1", "GetIdentity")
            try bundle.add("\(name)-identity.json", datum)
            let reply = try await client.call(
                controller.path,
                "Controller1",
                "Identify",
                [UInt8(1), UInt32(0), VariantDictionary()]
            )
            try bundle.add("\(name)-identify.bin", try reply.read([UInt8].self), isText: false)
        }
        var logs: [(UInt8, String)] = []
        try await bundle.attempt("list of logs \(what)") {
            logs = try await SupportedLogs.read(of: controller.path, client)
        }
        if logs.isEmpty {
            logs = [(1, "Error Information"), (2, "SMART / Health Information")]
        }
        for (page, title) in logs {
            let file = "\(name)-log-\(HexDump.digits([page]))"
            let identifier = LogPageIdentifier(rawValue: page)
            // What a log is read for may be its event: it is retained.
            // One that is about a part of the drive would have to be asked for each part.
            if let declared = LogPages.find(identifier),
                !declared.selectors.usesSpecificIdentifier,
                !declared.selectors.contains(.namespace)
            {
                try await bundle.attempt("\(title) \(what)") {
                    let datum = try await client.dictionary(
                        controller.path,
                        "Controller1",
                        "GetLog",
                        declared.name,
                        VariantDictionary()
                    )
                    try bundle.add("\(file).json", datum.without("RawData"))
                    if case .bytes(let bytes)? = datum["RawData"] {
                        try bundle.add("\(file).bin", bytes, isText: false)
                    }
                }
            }
        }
    }
}
