/// What a drive has seen and done since it was plugged in.
public struct DriveStatistics: Sendable, Hashable {
    /// Messages that were ignored: damaged, of another type, or while the drive reset.
    public internal(set) var dropped: UInt64 = 0
    /// Commands that a later one for the same slot displaced.
    public internal(set) var discarded: UInt64 = 0
    /// Messages sent, More Processing Required among them.
    public internal(set) var answers: UInt64 = 0
    /// Faults that befell a request.
    public internal(set) var faults: UInt64 = 0
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

    /// How many requests there were of an opcode.
    public struct RequestCount: Sendable, Hashable {
        /// Category as in the message header.
        public let category: UInt8
        /// Opcode in the category.
        public let opcode: UInt8
        /// Number of intact requests.
        public let count: UInt64

        /// Category and opcode in words, such as `mi 01` or `admin 06`.
        public var name: String {
            let names = [0: "control", 1: "mi", 2: "admin", 4: "pcie"]
            let category = names[Int(category)] ?? "category-\(category)"
            return category + " " + TextValue.hexadecimal(opcode)
        }
    }

    /// Every opcode that was seen, with its number of requests.
    public var requests: [RequestCount] {
        var seen: [RequestCount] = []
        for (category, table) in counts.enumerated() {
            for (opcode, count) in table.enumerated() where count > 0 {
                seen.append(
                    RequestCount(
                        category: UInt8(category),
                        opcode: UInt8(opcode),
                        count: count
                    )
                )
            }
        }
        return seen
    }
}
