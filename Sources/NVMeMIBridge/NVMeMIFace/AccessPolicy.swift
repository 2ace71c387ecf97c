import DBus
import Glibc

extension Right {
    /// To replace a drive's firmware.
    static let firmware = Right("replace firmware")
    /// To erase, format, lock and divide drives.
    static let destroying = Right("destroy data")
    /// For what nobody but root may do.
    static let root = Right("root")
}

/// Who has which right: the daemon's own answer, beside that of the bus's policy.
struct AccessPolicy: Sendable {
    /// The group whose members have every right but root's.
    let group: String
    /// Its number; nil when there is no such group.
    private let identifier: UInt32?

    /// Looks the group up, which is for the start and for a new configuration.
    init(group: String) {
        self.group = group
        identifier = Self.identifier(of: group)
    }

    /// Why somebody does not have a right; nil when it has.
    func refusal(of right: Right, to caller: Credentials) -> String? {
        // Whoever runs the daemon could do the same without it.
        if caller.isRoot || caller.userID == geteuid() { return nil }
        if right == .root { return "it is for root only" }
        guard let identifier else {
            return "it is for root and members of the group \(group), which there is not"
        }
        return caller.groupIDs.contains(identifier)
            ? nil : "it is for root and members of the group \(group)"
    }

    private static func identifier(of group: String) -> UInt32? {
        var entry = Glibc.group()
        var found: UnsafeMutablePointer<Glibc.group>?
        // A group with many members takes much room.
        for size in [1 << 12, 1 << 16, 1 << 20] {
            let status = withUnsafeTemporaryAllocation(of: CChar.self, capacity: size) { buffer in
                getgrnam_r(group, &entry, buffer.baseAddress, buffer.count, &found)
            }
            if status != ERANGE { break }
        }
        return found == nil ? nil : entry.gr_gid
    }
}
