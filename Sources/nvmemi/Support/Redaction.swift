/// Takes out who the drives are, the same name for the same drive everywhere.
struct Redaction: Sendable {
    /// What is replaced, the longest first, so that no part of one is taken for another.
    private var substitutes: [(secret: String, substitute: String)] = []

    /// Of nothing.
    init() {}

    /// Of serial numbers, names made of them, and NQNs.
    init(of drives: [DriveSummary]) {
        var known: Set<String> = []
        for (index, drive) in drives.enumerated() {
            let nqns = drive.endpoints.compactMap { $0.property("SubsystemNQN")?.nonEmptyText }
            let secrets: [(String?, String)] =
                [(drive.serialNumber, "SERIAL-\(index + 1)"), (drive.name, "DRIVE-\(index + 1)")]
                + nqns.map { ($0, "NQN-\(index + 1)") }
            for (secret, substitute) in secrets {
                // One that is as short as a number is everywhere.
                guard let secret, secret.utf8.count > 3, known.insert(secret).inserted else {
                    continue
                }
                substitutes.append((secret, substitute))
            }
        }
        substitutes.sort { $0.secret.utf8.count > $1.secret.utf8.count }
    }

    /// The bytes without what is secret; binary data keeps its length.
    func applied(to bytes: [UInt8], isText: Bool) -> [UInt8] {
        var bytes = bytes
        for (secret, substitute) in substitutes {
            let old = Array(secret.utf8)
            let new =
                isText
                ? Array(substitute.utf8) : [UInt8](repeating: UInt8(ascii: "X"), count: old.count)
            bytes = Self.replacing(old, by: new, in: bytes)
        }
        return bytes
    }

    private static func replacing(_ old: [UInt8], by new: [UInt8], in bytes: [UInt8]) -> [UInt8] {
        guard bytes.count >= old.count else { return bytes }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == old[0], bytes.count - index >= old.count,
                bytes[index..<index + old.count].elementsEqual(old)
            {
                result += new
                index += old.count
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }
}
