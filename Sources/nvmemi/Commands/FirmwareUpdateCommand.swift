import ArgumentParser
import DBus
import EventLoop

extension FirmwareCommand {
    struct Update: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "update",
            abstract: "Replace the firmware of a drive.",
            usage:
                "nvmemi firmware update <controller> <image> [--activate <when>] [--reset <what>] [--all-like] [options]",
            discussion: """
                The image is a raw one or a PLDM firmware update package; one that comes from a pipe, or from another \
                machine, is copied into memory first. It is transferred and committed; \
                with --activate now, or a --reset that is done then, it is made sure that it runs in the end.

                --activate takes:
                  reset    with the next reset, the default
                  now      at once, where the drive can
                  never    not at all: the image is only put into the slot

                --reset takes none (the default), controller and subsystem. A host that uses the drive loses \
                it while that is done.

                --all-like gives the image to all drives of the named one's model that run the same revision, \
                --at-a-time of each network at once. When one fails, no further are begun, unless --keep-going \
                says so. Those that were not updated make the exit status that of a failure.

                JSON: an object with the job's result, or with job, its path; with --all-like an array with \
                endpoint, serialNumber, state (done, failed, cancelled, not begun), message and result of each.
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

        @Flag(help: "All drives of the same model and revision.")
        var allLike = false

        @Option(
            help: "How many drives of a network at once, with --all-like.",
            transform: Number.parse
        )
        var atATime: UInt8?

        @Flag(help: "Go on with --all-like when a drive fails.")
        var keepGoing = false

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

        func validate() throws {
            guard slot <= 7 else {
                throw ValidationError("--slot takes a number from 1 to 7.")
            }
            guard activate != .never || reset == .none else {
                throw ValidationError(
                    "--activate never leaves nothing for a --reset to activate: --reset goes with reset and now."
                )
            }
            guard allLike else {
                guard atATime == nil, !keepGoing else {
                    throw ValidationError("--at-a-time and --keep-going go with --all-like.")
                }
                return
            }
            guard atATime != 0 else {
                throw ValidationError("--at-a-time takes a number from 1 on.")
            }
            guard !job.background else {
                throw ValidationError("--all-like follows its jobs; it takes no --background.")
            }
            guard controller.controller == nil else {
                throw ValidationError("--all-like takes a drive, without a controller's number.")
            }
        }

        func run() throws {
            let command = self
            let file = try LocalImage.open(image)
            let handle = FileDescriptorHandle(adopting: file.number)
            try options.perform { client, output in
                guard !command.allLike else {
                    return try await command.updateAll(file.size, handle, client, output)
                }
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

        @LoopActor
        private func updateAll(
            _ size: Int,
            _ image: FileDescriptorHandle,
            _ client: Client,
            _ output: Output
        ) async throws {
            let drives = try SimilarDrives(like: controller, in: try await client.inventory())
            let named = try await client.target(controller)
            for member in drives.members { Descriptor.complain(member.label.description) }
            try confirmation.ask(
                drives.members.count == 1
                    ? deed(size)
                    : deed(size, of: "these \(drives.members.count) drives, of which one is"),
                of: named.label
            )
            let rollout = FirmwareRollout(
                drives,
                by: client,
                atATime: Int(atATime ?? 1),
                goesOnAfterFailure: keepGoing
            ) { member in
                try await client.call(
                    member.controller.path,
                    FirmwareCommand.interface,
                    "Update",
                    [image, arguments(member.target)]
                ).read(ObjectPath.self)
            }
            try await rollout.run()
            let outcomes = rollout.outcomes
            try output.show(outcomes.datum) { report in
                outcomes.table.lines(width: report.width, style: report.style)
            }
            let left = outcomes.count { !$0.isDone }
            guard left == 0 else {
                throw Failure(.failed, "\(left) of \(outcomes.count) drives were not updated.")
            }
        }

        private func deed(_ size: Int, of what: String = "") -> String {
            let image = "replaces the firmware by \(Quantity.scaled(Double(size), "B")) of \(image)"
            let reset = reset == .none ? "" : ", and resets the \(reset.rawValue),"
            return "\(image)\(reset) of" + (what.isEmpty ? "" : " \(what)")
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
}
