/// Names of a PCI vendor and of one of its devices in the text that `pci.ids` is, of which it takes piece after piece.
///
/// Lines are `vvvv  name` of a vendor, `<tab>dddd  name` of a device of the vendor before, `<tab><tab>…` of a subsystem;
/// `#` begins a comment, and what follows `C ` are classes. Nothing is kept but the names that are looked for.
public struct PCIDatabase: Sendable {
    /// The name of the vendor, once it was found.
    public private(set) var vendor: String?

    /// The name of the device, once it was found.
    public private(set) var device: String?

    /// True when nothing that is still to come can be of use.
    public private(set) var isComplete = false

    private let vendorKey: [UInt8]
    private let deviceKey: [UInt8]?
    private var line: [UInt8] = []
    private var isLongLine = false

    /// The longest line that is looked at; what is longer is no name.
    private static let longestLine = 512

    /// Looks for a vendor, and for one of its devices when that is given.
    public init(vendor: UInt16, device: UInt16? = nil) {
        vendorKey = Self.key(vendor)
        deviceKey = device.map(Self.key)
    }

    /// Takes the next bytes of the text.
    public mutating func take(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            if isComplete { return }
            if byte == 0x0A {
                endLine()
            } else if line.count < Self.longestLine {
                line.append(byte)
            } else {
                isLongLine = true
            }
        }
    }

    /// Takes the end of the text.
    public mutating func finish() {
        endLine()
        isComplete = true
    }

    private mutating func endLine() {
        defer {
            line.removeAll(keepingCapacity: true)
            isLongLine = false
        }
        guard !isLongLine, let first = line.first, first != UInt8(ascii: "#") else { return }
        if first == 0x09 {
            if vendor != nil, let deviceKey, let name = name(of: deviceKey, from: 1) {
                device = name
                isComplete = true
            }
        } else if vendor != nil || first == UInt8(ascii: "C") && line.dropFirst().first == 0x20 {
            // The next vendor, or the classes.
            isComplete = true
        } else {
            vendor = name(of: vendorKey, from: 0)
            if vendor != nil, deviceKey == nil { isComplete = true }
        }
    }

    /// The name behind a number and spaces; nil when the number is another.
    private func name(of key: [UInt8], from start: Int) -> String? {
        let rest = line.dropFirst(start)
        guard rest.prefix(4).map(Self.lowercased) == key, rest.dropFirst(4).first == 0x20 else {
            return nil
        }
        let text = Array(rest.dropFirst(4).drop { $0 == 0x20 })
        let name = text.withUnsafeBytes { FixedText.utf8($0) }
        return name.isEmpty ? nil : name
    }

    private static func key(_ number: UInt16) -> [UInt8] {
        let digits = String(number, radix: 16)
        return Array((String(repeating: "0", count: 4 - digits.count) + digits).utf8)
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        0x41...0x5A ~= byte ? byte | 0x20 : byte
    }
}
