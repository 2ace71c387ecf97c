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

    /// Why a received list has fewer commands than it claims; empty when it is as it should be.
    public private(set) var leftOut: [DecodingError] = []

    /// A list of these commands.
    public init(_ commands: [Entry] = []) { self.commands = commands }

    /// Decodes the commands that are there, once each; bytes behind the last entry are ignored.
    ///
    /// The number of commands that the list claims is not believed beyond what it holds: `leftOut` tells.
    ///
    /// - Throws: `DecodingError` when not even the number of commands is there.
    public init(data: [UInt8]) throws(DecodingError) {
        var reader = ByteReader(data, subject: "Command List")
        commands = []
        let count = Int(try reader.read(UInt16.self, "number of commands"))
        let available = reader.remaining / 2
        if count > available {
            leftOut.append(
                reader.oddity(
                    "number of commands",
                    offset: 0,
                    expected: "at most \(available)",
                    got: "\(count)"
                )
            )
        }
        var known: Set<UInt16> = []
        for index in 0..<min(count, available) {
            let entry = try reader.read(UInt16.self, "command \(index)")
            guard known.insert(entry & 0xFF78).inserted else { continue }
            let type = UInt8(truncatingIfNeeded: entry >> 3) & 0xF
            commands.append(
                Entry(
                    category: MessageCategory(rawValue: type),
                    opcode: UInt8(truncatingIfNeeded: entry >> 8)
                )
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

    /// Equal when the commands are.
    public static func == (left: Self, right: Self) -> Bool { left.commands == right.commands }

    /// The names of the commands.
    public var namedValues: [NamedValue] { [("Commands", .names(commands.map(\.name)))] }
}
