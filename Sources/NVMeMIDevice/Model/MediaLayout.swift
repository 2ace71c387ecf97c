/// How the capacity is divided: endurance groups, and NVM sets in them.
struct MediaLayout {
    struct Group: Equatable {
        let identifier: UInt16
        var capacity: UInt64
    }

    struct NVMSet: Equatable {
        let identifier: UInt16
        let group: UInt16
        var capacity: UInt64
    }

    private(set) var groups: [Group] = []
    private(set) var sets: [NVMSet] = []
    /// Greatest identifier of a group, and of a set.
    static let limit: UInt16 = 8

    init(_ description: DriveDescription) {
        if description.abilities.contains(.enduranceGroups) {
            groups = [Group(identifier: 1, capacity: description.capacity)]
        }
        if description.abilities.contains(.sets) {
            sets = [NVMSet(identifier: 1, group: 1, capacity: description.capacity)]
        }
    }

    func group(_ identifier: UInt16) -> Group? { groups.first { $0.identifier == identifier } }

    func set(_ identifier: UInt16) -> NVMSet? { sets.first { $0.identifier == identifier } }

    /// Bytes of a group that no set has.
    func unallocated(in group: Group) -> UInt64 {
        group.capacity - sets.filter { $0.group == group.identifier }.reduce(0) { $0 + $1.capacity }
    }

    /// Makes a group; `nil` when there are enough.
    mutating func createGroup(_ capacity: UInt64) -> UInt16? {
        guard let identifier = (1...Self.limit).first(where: { group($0) == nil }) else {
            return nil
        }
        groups.append(Group(identifier: identifier, capacity: capacity))
        groups.sort { $0.identifier < $1.identifier }
        return identifier
    }

    /// Makes a set; `nil` when there are enough.
    mutating func createSet(_ capacity: UInt64, in group: UInt16) -> UInt16? {
        guard let identifier = (1...Self.limit).first(where: { set($0) == nil }) else { return nil }
        sets.append(NVMSet(identifier: identifier, group: group, capacity: capacity))
        sets.sort { $0.identifier < $1.identifier }
        return identifier
    }

    mutating func deleteGroup(_ identifier: UInt16) {
        groups.removeAll { $0.identifier == identifier }
        sets.removeAll { $0.group == identifier }
    }

    mutating func deleteSet(_ identifier: UInt16) { sets.removeAll { $0.identifier == identifier } }
}
