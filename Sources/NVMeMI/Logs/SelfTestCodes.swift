/// Which self-test it is (STC).
public struct SelfTestCode: WireEnumeration {
    /// The code.
    public let rawValue: UInt8

    /// The value with a code.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// No self-test.
    public static let none = Self(rawValue: 0)
    /// The short self-test.
    public static let short = Self(rawValue: 1)
    /// The extended self-test.
    public static let extended = Self(rawValue: 2)
    /// A refresh that the host starts.
    public static let hostInitiatedRefresh = Self(rawValue: 3)
    /// A self-test of the vendor.
    public static let vendorSpecific = Self(rawValue: 0xE)
    /// Aborts the self-test in progress; only in the command.
    public static let abort = Self(rawValue: 0xF)

    /// Names in words.
    public static let names: KeyValuePairs<UInt8, String> = [
        0: "None",
        1: "Short",
        2: "Extended",
        3: "HostInitiatedRefresh",
        0xE: "VendorSpecific",
        0xF: "Abort",
    ]
}

/// How a self-test went.
public struct SelfTestOutcome: WireEnumeration {
    /// The code.
    public let rawValue: UInt8

    /// The value with a code.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// It found no error.
    public static let completed = Self(rawValue: 0)
    /// A command aborted it.
    public static let abortedByCommand = Self(rawValue: 1)
    /// A controller level reset aborted it.
    public static let abortedByControllerReset = Self(rawValue: 2)
    /// The removal of a namespace aborted it.
    public static let abortedByNamespaceRemoval = Self(rawValue: 3)
    /// Format NVM aborted it.
    public static let abortedByFormat = Self(rawValue: 4)
    /// A fatal error ended it.
    public static let fatalError = Self(rawValue: 5)
    /// A segment failed, and it is not known which.
    public static let unknownSegmentFailed = Self(rawValue: 6)
    /// A segment failed.
    public static let segmentFailed = Self(rawValue: 7)
    /// It was aborted for an unknown reason.
    public static let abortedForUnknownReason = Self(rawValue: 8)
    /// A sanitize operation aborted it.
    public static let abortedBySanitize = Self(rawValue: 9)
    /// There is no result in the entry.
    public static let unused = Self(rawValue: 0xF)

    /// Names in words.
    public static let names: KeyValuePairs<UInt8, String> = [
        0: "Completed",
        1: "AbortedByCommand",
        2: "AbortedByControllerReset",
        3: "AbortedByNamespaceRemoval",
        4: "AbortedByFormat",
        5: "FatalError",
        6: "UnknownSegmentFailed",
        7: "SegmentFailed",
        8: "AbortedForUnknownReason",
        9: "AbortedBySanitize",
        0xF: "Unused",
    ]
}

/// Which fields of a self-test result mean something.
public struct SelfTestValidity: WireFlags {
    /// The bits.
    public let rawValue: UInt8

    /// The flags with these bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The namespace.
    public static let namespace = Self(rawValue: 1 << 0)
    /// The logical block.
    public static let failingBlock = Self(rawValue: 1 << 1)
    /// The status code type.
    public static let statusCodeType = Self(rawValue: 1 << 2)
    /// The status code.
    public static let statusCode = Self(rawValue: 1 << 3)

    /// Names of the bits.
    public static let names: [(bit: Int, name: String)] = [
        (0, "NamespaceID"),
        (1, "FailingBlock"),
        (2, "StatusCodeType"),
        (3, "StatusCode"),
    ]
}
