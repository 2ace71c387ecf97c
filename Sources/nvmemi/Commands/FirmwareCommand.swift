import ArgumentParser
import DBus
import EventLoop

struct FirmwareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "firmware",
        abstract: "Show, update and activate a drive's firmware.",
        usage: "nvmemi firmware show|update|commit <controller> ...",
        subcommands: [Show.self, Update.self, Commit.self]
    )

    @OptionGroup var options: GlobalOptions

    static let interface = "Firmware1"
}

extension FirmwareCommand {
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Show what firmware is in the slots of a drive.",
            usage: "nvmemi firmware show <controller> [options]",
            discussion: "JSON: an array of the properties of each slot."
        )

        @OptionGroup var options: GlobalOptions

        @Argument(help: "The endpoint, with /N for controller N.")
        var controller: EndpointName

        func run() throws {
            let name = controller
            try options.perform { client, output in
                let target = try await client.target(name)
                guard case .list(let slots)? = target.controller.properties["Slots"], !slots.isEmpty
                else { throw Failure(.failed, "The drive does not tell what firmware it has.") }
                try output.show(.list(slots)) { report in
                    FirmwareCommand.table(slots).lines(width: report.width, style: report.style)
                }
            }
        }
    }

    fileprivate static func table(_ slots: [Datum]) -> Table {
        var table = Table([.init("SLOT", .trailing), .init("REVISION"), .init("STATE")])
        table.rows = slots.map { slot in
            let notes = [
                ("Active", "runs"), ("ActiveAfterReset", "active after the next reset"),
                ("ReadOnly", "read-only"),
            ].filter { slot[$0.0] == .boolean(true) }.map(\.1)
            return [
                .init(slot["Slot"].map(Quantity.plain) ?? "-"),
                .init(slot["Revision"]?.nonEmptyText ?? "empty"),
                .init(notes.joined(separator: ", ")),
            ]
        }
        return table
    }

    struct Commit: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "commit",
            abstract: "Activate the firmware in a slot.",
            usage: "nvmemi firmware commit <controller> <slot> [--activate <when>] [options]",
            discussion: """
                --activate takes reset, for the next reset, and now, for at once, where the drive can.

                JSON: an object with what the drive says of it.
                """
        )

        @OptionGroup var options: GlobalOptions
        @OptionGroup var confirmation: DriveConfirmation
        @OptionGroup var insistence: Insistence

        @Argument(help: "The endpoint, with /N for controller N.")
        var controller: EndpointName

        @Argument(help: "The slot, 1 to 7.", transform: Number.parse)
        var slot: UInt8

        @Option(help: "When it becomes active.")
        var activate: Update.Activation = .reset

        func validate() throws {
            guard activate != .never else {
                throw ValidationError("--activate takes reset and now here.")
            }
        }

        func run() throws {
            let command = self
            try options.perform { client, output in
                let target = try await client.target(command.controller)
                try command.confirmation.ask(
                    "activates the firmware in slot \(command.slot) of",
                    of: target.label
                )
                // What is there already needs no image: the next reset, or at once.
                let action: UInt8 = command.activate == .now ? 3 : 2
                let reply = try await Progress.show("Committing") {
                    try await client.call(
                        target.controller.path,
                        FirmwareCommand.interface,
                        "Commit",
                        [command.slot, action, command.insistence.added(to: target.options)]
                    )
                }
                try output.show(Datum(try reply.read(VariantDictionary.self)))
            }
        }
    }
}
