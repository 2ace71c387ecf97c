/// What a drive has seen and done since it was plugged in.
public struct DriveStatistics: Sendable, Hashable {
    /// Messages that were ignored: damaged, of another type, or while the drive reset.
    public internal(set) var dropped: UInt64 = 0
    /// Commands that a later one for the same slot displaced.
    public internal(set) var discarded: UInt64 = 0
    /// Messages sent, More Processing Required among them.
    public internal(set) var answers: UInt64 = 0
    /// Resets of the subsystem.
    public internal(set) var resets: UInt64 = 0

    /// Requests by category and then opcode; a category without any has no table yet.
    private var counts: [[UInt64]] = Array(repeating: [], count: 16)

    mutating func count(category: UInt8, opcode: UInt8) {
        let category = Int(category & 0x0F)
        if counts[category].isEmpty { counts[category] = Array(repeating: 0, count: 256) }
        counts[category][Int(opcode)] += 1
    }

    /// How many requests there were of an opcode.
    ///
    /// - Parameters:
    ///   - category: Category as in the message header (0 control, 1 management, 2 Admin, 4 PCIe).
    ///   - opcode: Opcode in the category.
    /// - Returns: The number of intact requests.
    public func requests(category: UInt8, opcode: UInt8) -> UInt64 {
        let table = counts[Int(category & 0x0F)]
        return table.isEmpty ? 0 : table[Int(opcode)]
    }

    /// Every opcode that was seen, with its number of requests.
    public var requests: [(category: UInt8, opcode: UInt8, count: UInt64)] {
        var seen: [(category: UInt8, opcode: UInt8, count: UInt64)] = []
        for (category, table) in counts.enumerated() {
            for (opcode, count) in table.enumerated() where count > 0 {
                seen.append((UInt8(category), UInt8(opcode), count))
            }
        }
        return seen
    }
}
