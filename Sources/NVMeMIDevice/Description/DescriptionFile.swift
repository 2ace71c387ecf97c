/// Drive descriptions as text.
///
/// A file has sections of `key = value` lines. `[drive]` begins a drive; its first key may be
/// `model`, which names what to start from. `[port N]`, `[controller N]` and `[namespace N]` change
/// that part of the drive, or add it. `[fault NAME]` puts a fault in force from the start. `#`
/// begins a comment. Keys before the first section are those of every drive in the file.
///
///     [drive]
///     model = dual-port
///     copies = 2
///     temperature = 41
///
///     [namespace 1]
///     size = 1TiB
///
///     [fault slow]
///     opcode = 0x06
///     delay-ms = 250
public struct DescriptionFile: Sendable, Hashable {
    /// A drive of the file.
    public struct Entry: Sendable, Hashable {
        /// What the drive is.
        public var drive: DriveDescription
        /// The faults it starts with.
        public var faults: [Fault] = []
        /// How many drives of this description there are, each with its own serial number.
        public var copies: UInt16 = 1
        /// Whether the file says which serial number the drive has.
        public var hasSerialNumber = false

        /// One drive of a description, without faults.
        ///
        /// - Parameter drive: What the drive is.
        public init(drive: DriveDescription) {
            self.drive = drive
        }
    }

    /// The drives in the order of the file.
    public private(set) var entries: [Entry] = []

    /// Reads a file's text.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - base: What a drive without `model` is.
    /// - Throws: ``DescriptionError`` with the number of the line that cannot be used.
    public init(
        _ text: String,
        base: DriveDescription = DriveDescription()
    )
        throws(DescriptionError)
    {
        var reader = Reader(base: base)
        var number = 0
        for line in text.split(
            omittingEmptySubsequences: false,
            whereSeparator: \.isNewline
        ) {
            number += 1
            do {
                try reader.read(line)
            } catch {
                throw DescriptionError(line: number, reason: error.reason)
            }
        }
        do {
            entries = try reader.finish()
        } catch {
            throw DescriptionError(line: number, reason: error.reason)
        }
    }
}

/// Collects the lines of a file into entries.
private struct Reader {
    private enum Section {
        case preamble
        case drive(isEmpty: Bool)
        case port(Int)
        case controller(Int)
        case namespace(Int)
        case fault(Int)
    }

    private var section = Section.preamble
    /// What a drive is before its own section says anything.
    private var template: DescriptionFile.Entry
    /// The keys before the first section, to be set again on whatever model a drive starts from.
    private var preamble: [(key: String, value: String)] = []
    private var current: DescriptionFile.Entry?
    private var entries: [DescriptionFile.Entry] = []

    init(base: DriveDescription) {
        template = DescriptionFile.Entry(drive: base)
    }

    mutating func read(_ line: Substring) throws(ValueError) {
        let text = TextValue.trimmed(line.prefix { $0 != "#" })
        guard !text.isEmpty else { return }
        if text.hasPrefix("[") {
            guard text.hasSuffix("]") else { throw ValueError("the section lacks its ']'") }
            try begin(TextValue.trimmed(text.dropFirst().dropLast()))
            return
        }
        guard let sign = text.firstIndex(of: "=") else {
            throw ValueError("'\(text)' is neither [section] nor key = value")
        }
        let key = TextValue.trimmed(text[..<sign])
        let value = TextValue.trimmed(text[text.index(after: sign)...])
        try set(key, value)
    }

    mutating func finish() throws(ValueError) -> [DescriptionFile.Entry] {
        try close()
        return entries
    }

    private mutating func close() throws(ValueError) {
        guard let entry = current else { return }
        try entry.drive.validate()
        entries.append(entry)
        current = nil
    }

    private mutating func begin(_ header: String) throws(ValueError) {
        let words = header.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
        if words == ["drive"] {
            try close()
            current = template
            section = .drive(isEmpty: true)
            return
        }
        guard current != nil else { throw ValueError("[\(header)] comes before any [drive]") }
        guard words.count == 2 else { throw ValueError("there is no section [\(header)]") }
        switch words[0] {
        case "port":
            section = .port(
                part(
                    \.ports,
                    at: \.number,
                    PortDescription(number: try ValueError.integer(words[1]), kind: .pcie)
                )
            )
        case "controller":
            let number: UInt16 = try ValueError.integer(words[1])
            section = .controller(
                part(
                    \.controllers,
                    at: \.identifier,
                    ControllerDescription(identifier: number, port: 0)
                )
            )
        case "namespace":
            let number: UInt32 = try ValueError.integer(words[1], in: 1...65_536)
            section = .namespace(
                part(
                    \.namespaces,
                    at: \.identifier,
                    NamespaceDescription(identifier: number, size: 1_000_000_000)
                )
            )
        case "fault":
            current?.faults.append(try Fault(named: words[1], options: []))
            section = .fault((current?.faults.count ?? 1) - 1)
        default:
            throw ValueError("there is no section [\(header)]")
        }
    }

    /// Index of the part with the same number, which is added in its place when there is none.
    private mutating func part<Part, Number: Comparable>(
        _ parts: WritableKeyPath<DriveDescription, [Part]>,
        at number: KeyPath<Part, Number>,
        _ new: Part
    ) -> Int {
        guard var entry = current else { return 0 }
        let wanted = new[keyPath: number]
        let list = entry.drive[keyPath: parts]
        let place = list.firstIndex { $0[keyPath: number] >= wanted } ?? list.count
        if place == list.count || list[place][keyPath: number] != wanted {
            entry.drive[keyPath: parts].insert(new, at: place)
            current = entry
        }
        return place
    }

    private mutating func set(_ key: String, _ value: String) throws(ValueError) {
        guard var entry = current else {
            try set(key, value, of: &template, isFirst: preamble.isEmpty)
            preamble.append((key, value))
            return
        }
        defer { current = entry }
        switch section {
        case .preamble:
            break
        case .drive(let isEmpty):
            section = .drive(isEmpty: false)
            try set(key, value, of: &entry, isFirst: isEmpty)
        case .port(let index):
            try PortDescription.keys.apply(key, value, to: &entry.drive.ports[index])
        case .controller(let index):
            try ControllerDescription.keys.apply(key, value, to: &entry.drive.controllers[index])
        case .namespace(let index):
            try NamespaceDescription.keys.apply(key, value, to: &entry.drive.namespaces[index])
        case .fault(let index):
            try entry.faults[index].set(key, to: value)
        }
    }

    private func set(
        _ key: String,
        _ value: String,
        of entry: inout DescriptionFile.Entry,
        isFirst: Bool
    ) throws(ValueError) {
        switch key {
        case "model":
            guard isFirst else { throw ValueError("model must be the drive's first key") }
            entry.drive = try DriveDescription.model(named: value)
            for (key, value) in preamble where key != "model" {
                try set(key, value, of: &entry, isFirst: false)
            }
        case "copies":
            entry.copies = try ValueError.integer(value, in: 1...256)
        default:
            if key == "serial-number" { entry.hasSerialNumber = true }
            try entry.drive.set(key, to: value)
        }
    }
}
