/// What is known of a log page: declared once, from which reading, decoding and showing it follow.
public struct LogPageDeclaration: Sendable {
    /// The page.
    public let identifier: LogPageIdentifier

    /// The name in the standard as one word, such as `DeviceSelfTest`.
    public let name: String

    /// How long the page is.
    public let extent: LogPageExtent

    /// Which parameters of Get Log Page select what the page is about.
    public let selectors: LogPageSelectors

    /// The values of the log specific field (LSP) that have a name.
    public let specificFields: [LogPageSpecificField]

    /// Where the page has a number that changes when the page does while it is read in pieces; nil for none.
    public let changeCounter: Range<Int>?

    private let makeDescription: @Sendable () -> DataDescription

    /// Declares a log page.
    ///
    /// - Parameters:
    ///   - code: The identifier.
    ///   - extent: How long it is.
    ///   - name: The name as one word; nil for that of the standard.
    ///   - selectors: Which parameters select what it is about.
    ///   - specificFields: Values of the log specific field.
    ///   - changeCounter: Bytes of a number that changes with the page.
    ///   - contents: What is in it; made when it is asked for and not kept.
    public init(
        _ code: UInt8,
        _ extent: LogPageExtent,
        name: String? = nil,
        selectors: LogPageSelectors = [],
        specificFields: [LogPageSpecificField] = [],
        changeCounter: Range<Int>? = nil,
        _ contents: @escaping @Sendable () -> some Describable
    ) {
        identifier = LogPageIdentifier(rawValue: code)
        self.name = name ?? singleWord(identifier.description)
        self.extent = extent
        self.selectors = selectors
        self.specificFields = specificFields
        self.changeCounter = changeCounter
        makeDescription = { contents().dataDescription }
    }

    /// What is in the page.
    public var description: DataDescription { makeDescription() }

    /// Decodes the page.
    ///
    /// - Throws: `DecodingError` when there are too few bytes, or what they hold is no such page.
    public func decode(_ data: [UInt8]) throws(DecodingError) -> DecodedData {
        try description.decode(data)
    }

    /// The number that changes with the page, nil for a page without one or whose bytes end before it.
    public func change(in page: [UInt8]) -> UInt64? {
        guard let changeCounter, changeCounter.upperBound <= page.count else { return nil }
        return RecordView(page).number(at: changeCounter.lowerBound, changeCounter.count)
    }

    /// True when a value of the log specific field has the controller do something beside reading.
    public func isAction(_ specificField: UInt8) -> Bool {
        specificFields.first { $0.value == specificField }?.isAction ?? (specificField != 0)
    }
}

/// How long a log page is.
public enum LogPageExtent: Sendable {
    /// Always as many bytes.
    case fixed(UInt32)
    /// One entry for each that Identify Controller counts as entries of the error log.
    case errorEntries(UInt32)
    /// As the page tells itself.
    ///
    /// Asked again with more of the page where the answer depends on it; never fewer bytes than the first.
    case told(UInt32, @Sendable (RecordView) -> UInt64)

    /// Bytes that have to be read first; all of a page of fixed length.
    public var beginning: UInt32 {
        switch self {
        case .fixed(let length), .errorEntries(let length), .told(let length, _): length
        }
    }

    /// Bytes of the page as far as is known from its beginning.
    ///
    /// A page is read whole when no more are wanted than there are.
    ///
    /// - Parameters:
    ///   - page: What was read of it.
    ///   - errorEntries: Entries of the error log that the controller has.
    /// - Returns: The number of bytes, never less than `beginning` of a page that tells its length.
    public func length(after page: [UInt8], errorEntries: Int = 1) -> UInt64 {
        switch self {
        case .fixed(let length): UInt64(length)
        case .errorEntries(let size): UInt64(size) * UInt64(max(errorEntries, 1))
        case .told(let beginning, let length):
            page.count < Int(clamping: beginning)
                ? UInt64(beginning) : max(UInt64(beginning), length(RecordView(page)))
        }
    }
}

/// A value of the log specific field (LSP).
public struct LogPageSpecificField: Sendable, Equatable {
    /// The seven bits.
    public let value: UInt8
    /// The name as one word.
    public let name: String
    /// True when it has the controller do something beside reading.
    public let isAction: Bool

    /// A value with a name.
    public init(_ value: UInt8, _ name: String, isAction: Bool = false) {
        self.value = value
        self.name = name
        self.isAction = isAction
    }
}

/// The parameters of Get Log Page that select what a page is about.
public struct LogPageSelectors: OptionSet, Sendable {
    /// The bits.
    public let rawValue: UInt8

    /// The parameters with these bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A namespace must be given.
    public static let namespace = Self(rawValue: 1 << 0)
    /// A namespace may be given; none, or all, stands for the controller.
    public static let optionalNamespace = Self(rawValue: 1 << 1)
    /// An endurance group, as the log specific identifier.
    public static let enduranceGroup = Self(rawValue: 1 << 2)
    /// An NVM set, as the log specific identifier.
    public static let nvmSet = Self(rawValue: 1 << 3)
    /// A domain, as the log specific identifier.
    public static let domain = Self(rawValue: 1 << 4)
    /// A controller, as the log specific identifier.
    public static let controller = Self(rawValue: 1 << 5)
    /// An I/O command set.
    public static let ioCommandSet = Self(rawValue: 1 << 6)

    /// True when the log specific identifier says what the page is about.
    public var usesSpecificIdentifier: Bool {
        !isDisjoint(with: [.enduranceGroup, .nvmSet, .domain, .controller])
    }
}
