/// Takes out who the drives are, the same name for the same drive everywhere.
struct Redaction: Sendable {
    /// Something that is replaced wherever it stands.
    private struct Secret {
        let bytes: [UInt8]
        let substitute: [UInt8]

        init(_ secret: String, _ substitute: String) {
            bytes = Array(secret.utf8)
            self.substitute = Array(substitute.utf8)
        }

        /// One that is as short as a number is everywhere: it is meant only where it stands alone.
        var standsAlone: Bool { bytes.count <= 3 }
    }

    /// What is replaced, by its first byte; the longest first, so that no part of one is taken for another.
    private var secrets: [UInt8: [Secret]] = [:]
    /// What is known already, and whose it is.
    private var numbers: [String: Int] = [:]
    private var count = 0
    private var identifierCount = 0

    /// Of nothing.
    init() {}

    /// Of serial numbers, names made of them, and NQNs, also of drives that are missing.
    init(of drives: [DriveSummary], missing: [MissingDrive] = []) {
        for drive in drives {
            let nqns = drive.endpoints.compactMap { $0.property("SubsystemNQN")?.nonEmptyText }
            learn(serialNumber: drive.serialNumber, name: drive.name, nqns)
            for endpoint in drive.endpoints {
                learn(identifiers: [endpoint.property("UUID")?.nonEmptyText])
                for namespace in endpoint.namespaces {
                    let identifiers = ["UUID", "NGUID", "EUI64"].map { namespace.properties[$0] }
                    learn(identifiers: identifiers.map { $0?.nonEmptyText })
                }
            }
        }
        learn(missing: missing)
    }

    private mutating func learn(missing: [MissingDrive]) {
        for drive in missing {
            // One without a place is in the place that is called like it.
            let isNamedForItself = drive.place.contains(drive.serialNumber)
            learn(
                serialNumber: drive.serialNumber,
                name: isNamedForItself ? drive.place : nil,
                drive.subsystemNQN.isEmpty ? [] : [drive.subsystemNQN]
            )
        }
    }

    /// Learns of the drives that a log tells of: some of them have gone.
    mutating func learn(from entries: [LogEntry]) {
        for entry in entries {
            let texts = entry.values.map(\.value) + [entry.message]
            let nqns = texts.flatMap { $0.split { " \",;()".contains($0) } }
                .filter { $0.hasPrefix("nqn.") }
            learn(serialNumber: entry["serial-number"], name: entry["drive"], nqns.map(String.init))
            learn(identifiers: [entry["uuid"]])
        }
    }

    private mutating func learn(serialNumber: String?, name: String?, _ nqns: [String]) {
        let texts = [serialNumber, name].compactMap { $0 }
        guard !texts.isEmpty || !nqns.isEmpty else { return }
        let known = texts.compactMap { numbers[$0] }.first
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
    private mutating func learn(identifiers: [String?]) {
        for case let identifier? in identifiers where identifier.utf8.count >= 16 {
            guard numbers[identifier] == nil else { continue }
            identifierCount += 1
            add(identifier, "ID-\(identifierCount)", identifierCount)
            add(identifier.filter { $0 != "-" }, "ID-\(identifierCount)", identifierCount)
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
        for form in Set(forms) {
            let new = Secret(form, substitute)
            guard let first = new.bytes.first else { continue }
            secrets[first, default: []].append(new)
            secrets[first]?.sort { $0.bytes.count > $1.bytes.count }
        }
    }

    /// The bytes without what is secret; binary data keeps its length.
    func applied(to bytes: [UInt8], isText: Bool) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if let secret = secrets[bytes[index]]?.first(where: {
                Self.stands($0, in: bytes, at: index)
            }) {
                result +=
                    isText
                    ? secret.substitute
                    : [UInt8](repeating: UInt8(ascii: "X"), count: secret.bytes.count)
                index += secret.bytes.count
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }

    private static func stands(_ secret: Secret, in bytes: [UInt8], at index: Int) -> Bool {
        let end = index + secret.bytes.count
        guard end <= bytes.count, bytes[index..<end].elementsEqual(secret.bytes) else {
            return false
        }
        guard secret.standsAlone else { return true }
        return !(index > 0 && isOfWord(bytes[index - 1]))
            && !(end < bytes.count && isOfWord(bytes[end]))
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
