/// The faults in force on a drive.
struct FaultSet {
    private(set) var faults: [Fault] = []

    /// Adds a fault; one of the same kind for the same commands is replaced.
    mutating func set(_ fault: Fault) {
        faults.removeAll {
            $0.kind == fault.kind && $0.category == fault.category && $0.opcode == fault.opcode
        }
        guard fault.count != 0 else { return }
        faults.append(fault)
    }

    mutating func clear() {
        faults.removeAll()
    }

    /// The faults that hit this command.
    ///
    /// Each is counted, and ends when its count is used up.
    mutating func take(category: FaultCategory, opcode: UInt8) -> [Fault] {
        guard !faults.isEmpty else { return [] }
        var taken: [Fault] = []
        for index in faults.indices
        where faults[index].concerns(category: category, opcode: opcode) {
            if faults[index].skip > 0 {
                faults[index].skip -= 1
                continue
            }
            taken.append(faults[index])
            faults[index].count = faults[index].count.map { $0 - 1 }
        }
        faults.removeAll { $0.count == 0 }
        return taken
    }
}
