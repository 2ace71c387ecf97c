import ArgumentParser
import NVMeMI

/// What a person writes to name a log.
enum LogName: ExpressibleByArgument, Equatable {
    /// A log that is decoded, by the name of its declaration.
    case named(String)
    /// Any log page by its number.
    case number(UInt8)

    /// Short names for what is asked for most.
    private static let short: KeyValuePairs<String, LogPageIdentifier> = [
        "error": .errorInformation, "smart": .smart, "firmware": .firmwareSlot,
        "self-test": .deviceSelfTest, "sanitize": .sanitizeStatus,
    ]

    init?(argument: String) {
        if let number = UInt8(number: argument) {
            self = .number(number)
        } else if let page = Self.page(named: argument), let found = LogPages.find(page) {
            self = .named(found.name)
        } else {
            return nil
        }
    }

    /// The log that an argument names.
    ///
    /// - Throws: `ValidationError`, which says where the names are.
    @Sendable
    static func parse(_ argument: String) throws -> LogName {
        try named(
            argument,
            of: "log",
            hint: "'nvmemi log <controller>' lists what the drive has, 'nvmemi log --help' all."
        )
    }

    /// The log page that a name means; nil for none.
    static func page(named name: String) -> LogPageIdentifier? {
        short.first { $0.key == name }?.value ?? LogPages.find(name: name)?.identifier
    }

    /// The log page; nil when its name has no number.
    var page: LogPageIdentifier? {
        switch self {
        case .named(let name): Self.page(named: name)
        case .number(let number): LogPageIdentifier(rawValue: number)
        }
    }

    /// As it is written.
    var text: String {
        switch self {
        case .named(let name): name
        case .number(let number): String(number)
        }
    }

    /// What completion offers.
    static var all: [String] { short.map(\.key) + LogPages.all.map(\.name) }

    /// The logs that are decoded, a line each.
    static var help: String {
        LogPages.all.map { "  \($0.name)" }.joined(separator: "\n")
    }
}
