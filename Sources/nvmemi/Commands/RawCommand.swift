import ArgumentParser
import DBus
import EventLoop
import NVMeMI

/// One of the three kinds of commands.
protocol RawCommand: ParsableCommand, Sendable {
    /// What it is, what it is called, and the method that sends it.
    static var kind: (category: MessageCategory, name: String, member: String) { get }

    var options: GlobalOptions { get }
    var passthru: PassthruOptions { get }
    var opcode: UInt8 { get }

    /// Where it is sent.
    @LoopActor
    func place(_ client: Client) async throws -> RawPlace

    /// Adds the options that only this kind has.
    func add(to options: inout VariantDictionary)

    /// What the method takes.
    func arguments(_ data: [UInt8], _ options: VariantDictionary) -> [any DBusType]
}

/// Where a raw command is sent.
struct RawPlace {
    var path: String
    var endpoint: Inventory.Endpoint
}

extension RawCommand {
    func add(to options: inout VariantDictionary) {}

    func run() throws {
        let command = self
        let data = try passthru.data()
        try options.perform { client, output in
            let place = try await command.place(client)
            // Whatever may do more than read is asked about.
            if !CommandDeclaration.onlyReads(Self.kind.category, command.opcode) {
                let code = HexDump.digits([command.opcode])
                let deed = "sends the \(Self.kind.name) command \(code)h to"
                try command.passthru.confirmation.ask(deed, of: DriveLabel(place.endpoint))
            }
            var options = place.endpoint.namedDrive
            command.passthru.add(to: &options)
            command.add(to: &options)
            let reply = try await client.call(
                place.path,
                PassthruCommand.interface,
                Self.kind.member,
                command.arguments(data, options)
            )
            try command.passthru.show(Datum(try reply.read(VariantDictionary.self)), output)
        }
    }
}

/// Those that a controller carries out.
protocol RawControllerCommand: RawCommand {
    var controller: EndpointName { get }
}

extension RawControllerCommand {
    @LoopActor
    func place(_ client: Client) async throws -> RawPlace {
        let target = try await client.target(controller)
        return RawPlace(path: target.controller.path, endpoint: target.endpoint)
    }
}
