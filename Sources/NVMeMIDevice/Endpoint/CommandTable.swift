internal import NVMeMI

/// What the drive can do with the commands of a category, by opcode.
///
/// Opcode, layout and name of a command come from its declaration; an entry adds what the drive
/// does.
struct CommandTable: Sendable {
    struct Entry: Sendable {
        let declaration: CommandDeclaration
        /// The option that the drive must have for the command; `nil` for a command it always has.
        let option: OptionalCommand?
        /// The command may use the Management Endpoint Buffer.
        let usesBuffer: Bool
        /// Decodes the request, executes it and encodes the answer.
        let run: @Sendable (inout CommandContext, Request) throws(RequestError) -> [UInt8]

        /// A command of the vendor's, by its opcode.
        init(
            vendor opcode: UInt8,
            _ execute:
                @escaping @Sendable (
                    inout CommandContext, RawManagementCommand
                ) throws(RequestError) -> ManagementReply
        ) {
            declaration = RawManagementCommand(opcode: opcode).declaration
            option = .vendor
            usesBuffer = false
            run = { (context, request) throws(RequestError) in
                let command = try RawManagementCommand(request: request)
                return command.encodeReply(try execute(&context, command), slot: request.slot)
            }
        }

        init<C: Command>(
            _ type: C.Type,
            option: OptionalCommand? = nil,
            usesBuffer: Bool = false,
            _ execute:
                @escaping @Sendable (inout CommandContext, C) throws(RequestError) -> C.Reply
        ) {
            declaration = C.declaration
            self.option = option
            self.usesBuffer = usesBuffer
            run = { (context, request) throws(RequestError) in
                let command = try C(request: request)
                let reply = try execute(&context, command)
                return command.encodeReply(reply, slot: request.slot)
            }
        }

        func isSupported(by drive: Drive) -> Bool {
            option.map(drive.description.optionalCommands.contains) ?? true
        }
    }

    private let entries: [Entry?]

    init(_ list: [Entry]) {
        var entries = [Entry?](repeating: nil, count: 256)
        for entry in list { entries[Int(entry.declaration.opcode)] = entry }
        self.entries = entries
    }

    subscript(opcode: UInt8) -> Entry? { entries[Int(opcode)] }

    /// Every entry, in the order of the opcodes.
    var all: [Entry] { entries.compactMap(\.self) }
}
