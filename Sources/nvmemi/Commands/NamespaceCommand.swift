import ArgumentParser
import DBus
import EventLoop
import NVMeMI

struct NamespaceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "namespace",
        abstract: "List, create, delete, attach and detach namespaces.",
        usage: "nvmemi namespace list|create|delete|attach|detach <controller> ...",
        subcommands: [List.self, Create.self, Delete.self, Attach.self, Detach.self]
    )

    @OptionGroup var options: GlobalOptions

    static let interface = "NamespaceManagement1"

    /// `all`, or a number.
    @Sendable
    static func parse(_ text: String) throws -> UInt32 {
        text == "all" ? .max : try Number.parse(text)
    }
}

extension NamespaceCommand {
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List the namespaces of a drive.",
            usage: "nvmemi namespace list <controller> [options]",
            discussion: """
                The namespaces that are attached to a controller, with what the daemon knows of them, and \
                those that are attached to none, where the drive tells.

                JSON: an array of the properties of each.
                """
        )

        @OptionGroup var options: GlobalOptions

        @Argument(help: "The endpoint: 9, 1:9, serial number, place or object path.")
        var controller: EndpointName

        func run() throws {
            let name = controller
            try options.perform { client, output in
                let target = try await client.target(name)
                let rows = try await client.namespaces(of: target)
                try output.show(.list(rows)) { report in
                    rows.isEmpty
                        ? ["The drive has no namespace."]
                        : NamespaceTable.table(rows).lines(width: report.width, style: report.style)
                }
            }
        }
    }

    struct Delete: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "delete",
            abstract: "Delete a namespace with all that is in it.",
            usage: "nvmemi namespace delete <controller> <nsid>|all [--yes] [options]"
        )

        @OptionGroup var options: GlobalOptions
        @OptionGroup var confirmation: Confirmation
        @OptionGroup var insistence: Insistence

        @Argument(help: "The endpoint, with /N for controller N.")
        var controller: EndpointName

        @Argument(help: "The namespace ID, or all.", transform: NamespaceCommand.parse)
        var nsid: UInt32

        func run() throws {
            let (name, nsid, confirmation) = (controller, nsid, confirmation)
            let insistence = insistence
            try options.perform { client, _ in
                let target = try await client.target(name)
                let subject =
                    nsid == .max
                    ? "all namespaces" : "namespace \(nsid)" + target.endpoint.sizeNote(of: nsid)
                try confirmation.ask("deletes \(subject) with all data of", of: target.label)
                _ = try await Progress.show("Deleting") {
                    try await client.call(
                        target.controller.path,
                        NamespaceCommand.interface,
                        "Delete",
                        [nsid, insistence.added(to: target.options)]
                    )
                }
            }
        }
    }

    struct Attach: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "attach",
            abstract: "Attach a namespace to controllers.",
            usage: "nvmemi namespace attach <controller> <nsid> [<id> ...] [options]",
            discussion: AttachmentArguments.discussion
        )

        @OptionGroup var options: GlobalOptions
        @OptionGroup var attachment: AttachmentArguments

        func run() throws {
            let attachment = attachment
            try options.perform { client, _ in
                let target = try await client.target(attachment.controller)
                try await client.change("Attach", attachment, target)
            }
        }
    }

    struct Detach: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "detach",
            abstract: "Detach a namespace from controllers, whose hosts lose it.",
            usage: "nvmemi namespace detach <controller> <nsid> [<id> ...] [--yes] [options]",
            discussion: AttachmentArguments.discussion
        )

        @OptionGroup var options: GlobalOptions
        @OptionGroup var confirmation: Confirmation
        @OptionGroup var attachment: AttachmentArguments

        func run() throws {
            let (attachment, confirmation) = (attachment, confirmation)
            try options.perform { client, _ in
                let target = try await client.target(attachment.controller)
                let deed = "detaches namespace \(attachment.nsid) from the hosts of"
                try confirmation.ask(deed, of: target.label)
                try await client.change("Detach", attachment, target)
            }
        }
    }
}

/// What is attached to whom, or detached.
struct AttachmentArguments: ParsableArguments {
    static let discussion = "Without ID, the controller that the command goes to is meant."

    @Argument(help: "The endpoint, with /N for controller N.")
    var controller: EndpointName

    @Argument(help: "The namespace ID.", transform: Number.parse)
    var nsid: UInt32

    @Argument(help: "Controller IDs.", transform: Number.parse)
    var controllers: [UInt16] = []
}

extension Client {
    fileprivate func change(
        _ member: String,
        _ attachment: AttachmentArguments,
        _ target: Target
    ) async throws {
        try await changeAttachment(member, target, attachment.nsid, attachment.controllers)
    }
}
