import ArgumentParser
import DBus
import EventLoop
import NVMeMI

struct FeatureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feature",
        abstract: "List, read and change the features of a controller.",
        usage: "nvmemi feature list|get|set <controller> ...",
        discussion: """
            NAME is the name of a feature, in any spelling:
            \(FeatureName.help)
            or the number of any feature.
            """,
        subcommands: [List.self, Get.self, Set.self]
    )

    @OptionGroup var options: GlobalOptions
}

extension FeatureCommand {
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List the features that a controller has, with their values.",
            usage: "nvmemi feature list <controller> [options]",
            discussion: """
                Asked is for the features that the drive's own list names; of a drive without that list, for \
                all that have a name. Features of a namespace are left out: `nvmemi feature get` reads them.

                JSON: an array of objects with number, name, and value or error.
                """
        )

        @OptionGroup var options: GlobalOptions

        @Argument(help: "The endpoint, with /N for controller N.")
        var controller: EndpointName

        func run() throws {
            let name = controller
            try options.perform { client, output in
                let target = try await client.target(name)
                let rows = try await Progress.show("Reading") {
                    try await client.features(of: target)
                }
                try output.show(.list(rows)) { report in
                    FeatureCommand.table(rows, width: report.width)
                        .lines(width: report.width, style: report.style)
                }
            }
        }
    }

    /// Features as a table of name, number and value; a value that has no room goes on below.
    static func table(_ rows: [Datum], width: Int? = nil) -> Table {
        func text(_ datum: Datum?) -> String { datum.map(Quantity.plain) ?? "-" }
        var table = Table([.init("NUMBER"), .init("FEATURE"), .init("VALUE", shrinksTo: 20)])
        let names = rows.map { text($0["name"]) }
        let longest = names.map(Columns.width).max() ?? 0
        let room = max(20, (width ?? .max) - longest - Columns.width("NUMBER") - 4)
        table.rows = zip(rows, names).flatMap { row, name in
            var number = "-"
            if case .unsigned(let value)? = row["number"] {
                number = "0x" + HexDump.digits(value, width: 2)
            }
            let value = Columns.printable(text(row["value"] ?? row["error"]))
            return Columns.wrapped(value, to: room).enumerated().map { index, piece in
                index == 0
                    ? [Table.Cell(number), Table.Cell(name), Table.Cell(piece)]
                    : ["", "", Table.Cell(piece)]
            }
        }
        return table
    }

    struct Get: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "get",
            abstract: "Read a feature.",
            usage: "nvmemi feature get <controller> <name> [<selector>=<value> ...] [options]",
            discussion: """
                Selectors say which of several values is meant, as Sensor=1 of TemperatureThreshold.

                --hex, --raw and --output write the feature's data instead of what it means.
                """
        )

        @OptionGroup var options: GlobalOptions
        @OptionGroup var binary: BinaryOptions
        @OptionGroup var insistence: Insistence

        @Argument(help: "The endpoint, with /N for controller N.")
        var controller: EndpointName

        @Argument(
            help: "The feature: a name or a number.",
            completion: .list(FeatureName.all),
            transform: FeatureName.parse
        )
        var feature: FeatureName

        @Argument(help: "Which of its values, such as Sensor=1.")
        var selectors: [Assignment] = []

        @Option(help: "current, default, saved or capabilities.")
        var select: FeatureChoice = .current

        @Option(help: "Namespace ID, for features of a namespace.", transform: Number.parse)
        var nsid: UInt32 = 0

        @Option(
            help: "How many bytes of data, for features whose data is not known.",
            transform: Number.parse
        )
        var length: UInt32?

        func run() throws {
            let command = self
            try options.perform { client, output in
                let target = try await client.target(command.controller)
                let answer = try await client.feature(
                    command.feature,
                    of: target,
                    choice: command.select,
                    nsid: command.nsid,
                    selecting: command.selectors.map { ($0.name, $0.value) },
                    length: command.length,
                    insistence: command.insistence
                )
                if command.binary.wantsBytes {
                    try command.binary.write(answer.data, to: output)
                } else {
                    try output.show(
                        command.feature.shown(
                            answer,
                            command.select,
                            command.selectors.map { ($0.name, $0.value) }
                        )
                    )
                }
            }
        }
    }

    struct Set: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set",
            abstract: "Change a feature.",
            usage: "nvmemi feature set <controller> <name> <field>=<value> ... [--save] [options]",
            discussion: """
                Fields that are not given stay as they are. Of a feature by its number, or where the bits \
                are wanted, --value sets command dword 11 and --data the data.

                Before the write protection of a namespace is set, which may be for good, it asks.
                """
        )

        @OptionGroup var options: GlobalOptions

        @Argument(help: "The endpoint, with /N for controller N.")
        var controller: EndpointName

        @Argument(
            help: "The feature: a name or a number.",
            completion: .list(FeatureName.all),
            transform: FeatureName.parse
        )
        var feature: FeatureName

        @Argument(help: "What to set, such as PowerState=1.")
        var fields: [Assignment] = []

        @Option(help: "Command dword 11.", transform: Number.parse)
        var value: UInt32?

        @Option(help: "A file with the data, or - for standard input.", completion: .file())
        var data: String?

        @Option(help: "Namespace ID, for features of a namespace.", transform: Number.parse)
        var nsid: UInt32 = 0

        @Flag(help: "Keep the value over resets and power cycles.")
        var save = false

        @OptionGroup var confirmation: Confirmation
        @OptionGroup var insistence: Insistence

        func validate() throws {
            let isRaw = value != nil || data != nil
            guard isRaw == fields.isEmpty else {
                throw ValidationError("Give fields as Name=value, or --value and --data.")
            }
            if !isRaw, feature.declaration == nil {
                throw ValidationError("The feature has no names for its fields: use --value.")
            }
        }

        func run() throws {
            let command = self
            let bytes = try data.map { (path) throws(Failure) in
                try File.contents(path, atMost: 4_096)
            }
            try options.perform { client, _ in
                let target = try await client.target(command.controller)
                let wanted = try await command.command(target, data: bytes, client)
                if command.feature.identifier == .namespaceWriteProtection {
                    try command.confirmation.ask(
                        "sets the write protection of namespace \(command.nsid) of",
                        of: target.label
                    )
                }
                var options = command.insistence.added(to: target.options)
                if command.nsid != 0 { options.set("nsid", command.nsid) }
                if command.save { options.set("save", true) }
                let dwords: KeyValuePairs = [
                    "cdw12": wanted.specific12, "cdw13": wanted.specific13,
                    "cdw15": wanted.specific15,
                ]
                for (name, value) in dwords where value != 0 { options.set(name, value) }
                _ = try await client.call(
                    target.controller.path,
                    "ControllerControl1",
                    "SetFeature",
                    [command.feature.identifier.rawValue, wanted.value, wanted.data, options]
                )
            }
        }

        /// The command that is meant; what was not given is kept as the drive has it.
        @LoopActor
        private func command(
            _ target: Target,
            data: [UInt8]?,
            _ client: Client
        ) async throws -> SetFeatures {
            guard let declaration = feature.declaration, !fields.isEmpty else {
                return SetFeatures(
                    feature.identifier,
                    on: 0,
                    namespace: nsid,
                    value: value ?? 0,
                    data: data ?? [],
                    isSaved: save
                )
            }
            let values: [NamedValue] = fields.map { ($0.name, $0.value) }
            let current = try await client.feature(
                feature,
                of: target,
                nsid: nsid,
                selecting: values.filter { declaration.selectors.contains($0.name) },
                insistence: insistence
            )
            return try declaration.set(
                values,
                keeping: current.reply,
                on: 0,
                namespace: nsid,
                isSaved: save
            )
        }
    }
}

extension FeatureChoice: ExpressibleByArgument {}

extension FeatureName {
    /// An answer by the names of its fields, else the number and the data.
    func shown(
        _ answer: FeatureAnswer,
        _ choice: FeatureChoice = .current,
        _ selectors: [NamedValue] = []
    ) -> Datum {
        if let declaration,
            let decoded = try? declaration.decode(
                answer.reply,
                selection: choice.selection,
                selecting: selectors
            ),
            !decoded.values.isEmpty
        {
            return Datum(decoded.values)
        }
        return .dictionary([
            .init("Value", .unsigned(UInt64(answer.result))), .init("Data", .bytes(answer.data)),
        ])
    }
}

extension Client {
    /// The features of a controller that are no namespace's, with their values.
    fileprivate func features(of target: Target) async throws -> [Datum] {
        let supported = await supportedFeatures(of: target)
        var rows: [Datum] = []
        for number in supported ?? Features.all.map(\.identifier.rawValue) {
            guard let name = FeatureName(argument: String(number)),
                !(name.declaration?.isNamespaceSpecific ?? false)
            else { continue }
            var row: [Datum.Entry] = [
                .init("number", .unsigned(UInt64(number))),
                .init("name", .text(name.declaration?.name ?? "\(name.identifier)")),
            ]
            do {
                row.append(.init("value", name.shown(try await feature(name, of: target))))
            } catch  where Failure(error).status == .failed {
                // Of a drive without a list of its features, this is how one that it lacks is found out.
                guard supported != nil else { continue }
                row.append(.init("error", .text(Failure(error).message)))
            }
            rows.append(.dictionary(row))
        }
        return rows
    }

    /// What the drive's list of features (log page 12h) names; nil where it has none.
    private func supportedFeatures(of target: Target) async -> [UInt8]? {
        let path = target.controller.path
        guard let logs = try? await SupportedLogs.read(of: path, self),
            logs.contains(where: { $0.0 == 0x12 }),
            let reply = try? await call(
                path,
                "Controller1",
                "GetLogPage",
                [UInt8(0x12), UInt32.max, VariantDictionary()]
            ),
            let page = try? reply.read([UInt8].self), page.count >= 1_024
        else { return nil }
        // Supported, and not of a namespace (bit 20).
        return (0...UInt8.max).filter {
            page[Int($0) * 4] & 1 == 1 && page[Int($0) * 4 + 2] & 0x10 == 0
        }
    }
}
