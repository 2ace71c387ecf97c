/// What is known of a structure that Identify returns.
public struct IdentifyDeclaration: Sendable {
    /// The structure (CNS).
    public let structure: IdentifyStructure

    /// The I/O command set (CSI) that it is of; nil when it is the same for all.
    public let ioCommandSet: UInt8?

    /// The name as one word, such as `NVMSetList`.
    public let name: String

    /// Which parameters of Identify select what the structure is about.
    public let selectors: IdentifySelectors

    private let makeDescription: @Sendable () -> DataDescription

    /// Declares a structure.
    ///
    /// - Parameters:
    ///   - code: The structure (CNS).
    ///   - name: The name as one word.
    ///   - ioCommandSet: The I/O command set that it is of.
    ///   - selectors: Which parameters select what it is about.
    ///   - contents: What is in it; made when it is asked for and not kept.
    public init(
        _ code: UInt8,
        _ name: String,
        ioCommandSet: UInt8? = nil,
        selectors: IdentifySelectors = [],
        _ contents: @escaping @Sendable () -> some Describable
    ) {
        structure = IdentifyStructure(rawValue: code)
        self.name = name
        self.ioCommandSet = ioCommandSet
        self.selectors = selectors
        makeDescription = { contents().dataDescription }
    }

    /// What is in the structure.
    public var description: DataDescription { makeDescription() }

    /// Decodes the structure.
    ///
    /// - Throws: `DecodingError` when there are too few bytes, or what they hold is no such structure.
    public func decode(_ data: [UInt8]) throws(DecodingError) -> DecodedData {
        try description.decode(data)
    }
}

/// The parameters of Identify that select what a structure is about.
public struct IdentifySelectors: OptionSet, Sendable {
    /// The bits.
    public let rawValue: UInt8

    /// The parameters with these bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A namespace must be given.
    public static let namespace = Self(rawValue: 1 << 0)
    /// A namespace behind which a list begins may be given.
    public static let firstNamespace = Self(rawValue: 1 << 1)
    /// A controller from which a list begins, or that it is about, may be given (CNTID).
    public static let firstController = Self(rawValue: 1 << 2)
    /// An identifier from which a list begins, or of what it is about, may be given: NVM set, domain, endurance group, format.
    public static let specificIdentifier = Self(rawValue: 1 << 3)
    /// An I/O command set must be given.
    public static let ioCommandSet = Self(rawValue: 1 << 4)
}
