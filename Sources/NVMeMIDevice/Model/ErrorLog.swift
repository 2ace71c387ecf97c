/// The error log: a running count and the newest entries.
struct ErrorLog {
    struct Entry {
        var count: UInt64
        /// NVMe status, bits 14:0 as in a completion.
        var status: UInt16
        /// Byte of the command that was wrong; FFFFh when that is not known.
        var location: UInt16
        var namespace: UInt32
        var opcode: UInt8
    }

    /// How many entries the log page holds.
    static let capacity = 64

    /// Entries, newest first.
    private(set) var entries: [Entry] = []
    /// Entries ever made.
    private(set) var count: UInt64

    init(count: UInt64) {
        self.count = count
        // What earlier entries were about: an Identify that asked for what the drive has not.
        for number in 0..<min(count, 4) {
            entries.append(
                Entry(
                    count: count - number,
                    status: 0x4002,
                    location: 0x0028,
                    namespace: 0xFFFF_FFFF,
                    opcode: 0x06
                )
            )
        }
    }

    mutating func add(status: UInt16, location: UInt16, namespace: UInt32, opcode: UInt8) {
        count += 1
        let entry = Entry(
            count: count,
            status: status,
            location: location,
            namespace: namespace,
            opcode: opcode
        )
        entries.insert(entry, at: 0)
        if entries.count > ErrorLog.capacity { entries.removeLast() }
    }
}
