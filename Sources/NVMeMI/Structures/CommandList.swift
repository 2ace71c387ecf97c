/// A list of commands (DTYP 04h and 05h): their number, then category and opcode of each.
public struct CommandList: DataStructure {
    /// One command.
    public struct Entry: Hashable, Sendable {
        /// The kind of message that carries it.
        public var category: MessageCategory
        /// The opcode within the category.
        public var opcode: UInt8

        /// A command by its numbers.
        public init(category: MessageCategory, opcode: UInt8) {
            self.category = category
            self.opcode = opcode
        }

        /// The name of the command, also of those without one.
        public var name: String { CommandDeclaration.name(category: category, opcode: opcode) }
    }

    /// The commands in the order of the device.
    public var commands: [Entry]

    /// A list of these commands.
    public init(_ commands: [Entry] = []) { self.commands = commands }

    /// Decodes the list; bytes behind the last entry are ignored.
    public init(data: [UInt8]) throws(DecodingError) {
        var reader = ByteReader(data, subject: "Command List")
        commands = []
        let count = try reader.read(UInt16.self, "number of commands")
        for index in 0..<count {
            let type = try reader.read(UInt8.self, "type of command \(index)")
            let opcode = try reader.read(UInt8.self, "opcode of command \(index)")
            commands.append(
                Entry(category: MessageCategory(rawValue: type >> 3 & 0xF), opcode: opcode)
            )
        }
    }

    /// The bytes of the list.
    public var data: [UInt8] {
        let commands = commands.prefix(Int(UInt16.max))
        var writer = ByteWriter(capacity: 2 + 2 * commands.count)
        writer.append(UInt16(commands.count))
        for command in commands {
            writer.append(command.category.rawValue << 3 & 0x78)
            writer.append(command.opcode)
        }
        return writer.bytes
    }

    /// The names of the commands.
    public var namedValues: [NamedValue] { [("Commands", .names(commands.map(\.name)))] }
}
