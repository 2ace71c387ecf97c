import NVMeMIDrives

/// Drives as they are written down: one a line, by what it is known again and where it was.
///
/// Whatever is no such line is left out: the text comes from a file that anything may have happened to.
struct KnownDriveList: Equatable {
    /// One of them.
    struct Entry: Hashable {
        var vendorID: UInt16
        var model: String
        var serialNumber: String
        var subsystemNQN: String
        var place: String
        /// Since when it is not there, in milliseconds of Unix time; nil for one that is, or was when the list was
        /// written.
        var missingSince: UInt64?

        /// Whether it is this drive.
        func isOf(_ identity: DriveIdentity) -> Bool {
            vendorID == identity.vendorID && model == identity.model
                && serialNumber == identity.serialNumber && subsystemNQN == identity.subsystemNQN
        }

        /// Whether both are of one drive, wherever that was.
        func isSameDrive(as other: Entry) -> Bool {
            serialNumber == other.serialNumber && model == other.model && vendorID == other.vendorID
                && subsystemNQN == other.subsystemNQN
        }
    }

    /// Drives that are kept at most.
    static let limit = 1024
    private static let head = "nvmemid drives 1"
    /// Characters of one text.
    private static let longestText = 256

    private(set) var entries: [Entry] = []

    /// The first of some drives, as many as can be kept, without texts that cannot be written.
    init(_ entries: [Entry]) {
        var bytes = Self.head.utf8.count + 1
        for entry in entries where entry.texts.allSatisfy(Self.isFine) {
            bytes += entry.line.utf8.count
            guard self.entries.count < Self.limit, bytes <= BridgeMemory.sizeLimit else { break }
            self.entries.append(entry)
        }
    }

    /// What of a text is drives.
    init(text: String) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        if lines.popFirst() != Self.head[...] { lines = [] }
        self.init(
            lines.prefix(Self.limit).compactMap { line in
                let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
                guard (5...6).contains(parts.count), let vendorID = UInt16(parts[0], radix: 16),
                    !parts[2].isEmpty
                else { return nil }
                let since = parts.count == 6 ? UInt64(parts[5]) : nil
                guard parts.count == 5 || since != nil else { return nil }
                return Entry(
                    vendorID: vendorID,
                    model: String(parts[1]),
                    serialNumber: String(parts[2]),
                    subsystemNQN: String(parts[3]),
                    place: String(parts[4]),
                    missingSince: since
                )
            }
        )
    }

    /// The text of them.
    var text: String {
        entries.reduce(into: Self.head + "\n") { $0 += $1.line }
    }

    private static func isFine(_ text: String) -> Bool {
        text.unicodeScalars.count <= longestText
            && !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}

extension KnownDriveList.Entry {
    fileprivate var texts: [String] { [model, serialNumber, subsystemNQN, place] }

    fileprivate var line: String {
        String(vendorID, radix: 16) + "\t" + texts.joined(separator: "\t")
            + (missingSince.map { "\t\($0)" } ?? "") + "\n"
    }
}
