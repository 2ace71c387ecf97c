/// Takes out who the drives are, the same name for the same drive everywhere.
struct Redaction: Sendable {
    /// What is replaced, the longest first, so that no part of one is taken for another.
    private var substitutes: [(secret: String, substitute: String)] = []
    /// What is known already, and whose it is.
    private var numbers: [String: Int] = [:]
    private var count = 0

    /// Of nothing.
    init() {}

    /// Of serial numbers, names made of them, and NQNs.
    init(of drives: [DriveSummary]) {
        for drive in drives {
            let nqns = drive.endpoints.compactMap { $0.property("SubsystemNQN")?.nonEmptyText }
            learn(serialNumber: drive.serialNumber, name: drive.name, nqns)
            for endpoint in drive.endpoints {
                learn(identifiers: [endpoint.property("UUID")?.nonEmptyText], of: drive.name)
                for namespace in endpoint.namespaces {
                    let identifiers = ["UUID", "NGUID", "EUI64"].map { namespace.properties[$0] }
                    learn(identifiers: identifiers.map { $0?.nonEmptyText }, of: drive.name)
                }
            }
        }
    }

    /// Learns of the drives that a log tells of: some of them have gone.
    mutating func learn(from entries: [LogEntry]) {
        for entry in entries {
            let texts = entry.values.map(\.value) + [entry.message]
            let nqns = texts.flatMap { $0.split { " \",;()".contains($0) } }
                .filter { $0.hasPrefix("nqn.") }
            learn(serialNumber: entry["serial-number"], name: entry["drive"], nqns.map(String.init))
            learn(identifiers: [entry["uuid"]], of: entry["drive"] ?? "")
        }
    }

    private mutating func learn(serialNumber: String?, name: String?, _ nqns: [String]) {
        let known = [serialNumber, name].compactMap { $0 }.compactMap { numbers[$0] }.first
        let number = known ?? count + 1
        count = max(count, number)
        add(serialNumber, "SERIAL-\(number)", number)
        // One that is named for its address says nothing of who it is.
        if let name, !name.contains(":"), !name.hasPrefix("mctp_") {
            add(name, "DRIVE-\(number)", number)
        }
        for nqn in nqns { add(nqn, "NQN-\(number)", number) }
    }

    /// Identifiers that no other drive has, with and without their separators.
    private mutating func learn(identifiers: [String?], of name: String) {
        let number = numbers[name] ?? count
        for case let identifier? in identifiers where identifier.utf8.count >= 16 {
            add(identifier, "ID-\(number)", number)
            add(identifier.filter { $0 != "-" }, "ID-\(number)", number)
        }
    }

    private mutating func add(_ secret: String?, _ substitute: String, _ number: Int) {
        guard let secret, !secret.isEmpty, numbers[secret] == nil else { return }
        numbers[secret] = number
        // As it stands in bytes, in JSON, in a quoted value of the log, and on the page.
        let forms = [
            secret, JSONWriter.inner(secret), Columns.printable(secret),
            SummaryPage.escaped(secret),
        ]
        for form in Set(forms) { substitutes.append((form, substitute)) }
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
            // One that is as short as a number is everywhere: only where it stands alone.
            bytes = Self.replacing(old, by: new, in: bytes, onlyAlone: old.count <= 3)
        }
        return bytes
    }

    private static func replacing(
        _ old: [UInt8],
        by new: [UInt8],
        in bytes: [UInt8],
        onlyAlone: Bool
    ) -> [UInt8] {
        guard bytes.count >= old.count else { return bytes }
        func isAlone(_ index: Int) -> Bool {
            let before = index > 0 ? bytes[index - 1] : 0x20
            let end = index + old.count
            return !isOfWord(before) && !isOfWord(end < bytes.count ? bytes[end] : 0x20)
        }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == old[0], bytes.count - index >= old.count,
                bytes[index..<index + old.count].elementsEqual(old), !onlyAlone || isAlone(index)
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

    private static func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), 0x80...0xff:
            true
        default: false
        }
    }
}
