import MCTP

/// The names of drives: unique, stable, and of characters that every bus and file system takes.
///
/// A name matches `[A-Za-z0-9][A-Za-z0-9_]*`. A drive that comes back has the name that it had.
struct DriveNames {
    /// Drives that are remembered beside those that are there.
    private static let memory = 1024

    /// By what a drive is known again.
    private struct Key: Hashable {
        let vendorID: UInt16
        let model: String
        let serialNumber: String
        let subsystemNQN: String
    }

    private var names: [Key: String] = [:]
    /// The keys from the one that was used longest ago on.
    private var order: [Key] = []
    private var used: Set<String> = []
    /// Those that are in `names`.
    private var remembered: Set<String> = []

    /// Gives a drive its name; it is its until it is given back.
    mutating func take(for identity: DriveIdentity) -> String? {
        let serial = Self.sanitized(identity.serialNumber)
        guard !serial.isEmpty else { return nil }
        let key = Key(
            vendorID: identity.vendorID,
            model: identity.model,
            serialNumber: identity.serialNumber,
            subsystemNQN: identity.subsystemNQN
        )
        if let known = names[key], used.insert(known).inserted {
            order.removeAll { $0 == key }
            order.append(key)
            return known
        }
        let vendor = String(identity.vendorID, radix: 16)
        let name = unique(
            serial,
            "\(serial)_\(String(repeating: "0", count: 4 - vendor.count))\(vendor)"
        )
        remember(name, of: key)
        return name
    }

    private mutating func remember(_ name: String, of key: Key) {
        if let former = names.updateValue(name, forKey: key) { remembered.remove(former) }
        remembered.insert(name)
        order.append(key)
        guard order.count > Self.memory else { return }
        if let oldest = names.removeValue(forKey: order.removeFirst()) { remembered.remove(oldest) }
    }

    /// Whether a drive can have the name that the machine's inventory has for it.
    func canTake(_ name: String?) -> Bool {
        guard let name = name.map(Self.sanitized), !name.isEmpty else { return false }
        return !isTaken(name)
    }

    /// Gives a drive the name that the machine's inventory has for it; nil when it cannot have it.
    ///
    /// It is not kept for the drive when that has gone: it is the next one's in its place.
    mutating func take(_ name: String?) -> String? {
        guard canTake(name), let name = name.map(Self.sanitized) else { return nil }
        used.insert(name)
        return name
    }

    /// Gives a drive that tells no serial number a name by its address.
    mutating func take(for address: EndpointAddress) -> String {
        let place = "mctp_\(address.network.rawValue)_\(address.endpoint.rawValue)"
        return unique(place, place)
    }

    /// Takes a name back; the drive may come again.
    mutating func giveBack(_ name: String) { used.remove(name) }

    private mutating func unique(_ first: String, _ second: String) -> String {
        var candidate = first
        var number = 1
        while isTaken(candidate) {
            candidate = number == 1 ? second : "\(second)_\(number)"
            number += 1
        }
        used.insert(candidate)
        return candidate
    }

    /// Whether a drive has the name, or one had it that may come back.
    private func isTaken(_ name: String) -> Bool {
        used.contains(name) || remembered.contains(name)
    }

    /// The text with `_` for what a name must not have, without such at its ends.
    static func sanitized(_ text: String) -> String {
        var name = ""
        for scalar in text.unicodeScalars {
            let isPlain =
                scalar.isASCII && scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
            name.unicodeScalars.append(isPlain ? scalar : "_")
        }
        let trimmed = name.drop { $0 == "_" }.reversed().drop { $0 == "_" }.reversed()
        return String(trimmed)
    }
}
