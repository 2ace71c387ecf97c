import ArgumentParser
import DBus
import EventLoop
import Glibc

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

    struct Update: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "update",
            abstract: "Replace the firmware of a drive.",
            usage:
                "nvmemi firmware update <controller> <image> [--activate <when>] [--reset <what>] [options]",
            discussion: """
                The image is a raw one or a PLDM firmware update package. It is transferred and committed; \
                with --activate now, or a --reset that is done then, it is made sure that it runs in the end.

                --activate takes:
                  reset    with the next reset, the default
                  now      at once, where the drive can
                  never    not at all: the image is only put into the slot

                --reset takes none (the default), controller and subsystem. A host that uses the drive loses \
                it while that is done.

                JSON: an object with the job's result, or with job, its path.
                """
        )

        @OptionGroup var options: GlobalOptions
        @OptionGroup var confirmation: DriveConfirmation
        @OptionGroup var job: JobOptions
        @OptionGroup var insistence: Insistence

        @Argument(help: "The endpoint, with /N for controller N.")
        var controller: EndpointName

        @Argument(help: "The image's file.", completion: .file())
        var image: String

        @Option(help: "The slot, 1 to 7; the controller chooses without.", transform: Number.parse)
        var slot: UInt8 = 0

        @Option(help: "When it becomes active.")
        var activate: Activation = .reset

        @Option(help: "What is reset then.")
        var reset: ResetKind = .none

        @Option(help: "The revision that has to run in the end.")
        var revision: String?

        @Option(help: "The package's component, where several fit.", transform: Number.parse)
        var component: UInt16?

        /// When firmware becomes active, as a person says it.
        enum Activation: String, ExpressibleByArgument, CaseIterable, Sendable {
            case reset
            case now
            case never

            /// The code of Firmware Commit.
            var action: UInt8 {
                switch self {
                case .never: 0
                case .reset: 1
                case .now: 3
                }
            }
        }

        /// What is reset.
        enum ResetKind: String, ExpressibleByArgument, CaseIterable, Sendable {
            case none
            case controller
            case subsystem
        }

        func run() throws {
            let command = self
            let file = try FileDescriptor.open(image)
            let handle = FileDescriptorHandle(adopting: file.number)
            try options.perform { client, output in
                let target = try await client.target(command.controller)
                try command.confirmation.ask(command.deed(file.size), of: target.label)
                let job = try await client.call(
                    target.controller.path,
                    FirmwareCommand.interface,
                    "Update",
                    [handle, command.arguments(target)]
                ).read(ObjectPath.self)
                try await command.job.finish(job, client, output)
            }
        }

        private func deed(_ size: Int) -> String {
            let image = "replaces the firmware by \(Quantity.scaled(Double(size), "B")) of \(image)"
            return reset == .none
                ? "\(image) of" : "\(image), and resets the \(reset.rawValue), of"
        }

        private func arguments(_ target: Target) -> VariantDictionary {
            var options = insistence.added(to: target.options)
            options.set("slot", slot)
            options.set("action", activate.action)
            options.set("reset", reset.rawValue)
            if let revision { options.set("revision", revision) }
            if let component { options.set("component", component) }
            return options
        }
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

extension FileDescriptor {
    /// An old file for reading.
    fileprivate static func open(_ path: String) throws(Failure) -> FileDescriptor {
        let number = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        let error = errno
        guard number >= 0 else {
            throw Failure(.failed, "Cannot read \(path): \(String(cString: strerror(error)))")
        }
        return FileDescriptor(number: number)
    }
}
