/// How the last sanitize operation went (SSTAT 2:0).
public struct SanitizeOutcome: WireEnumeration {
    /// The code.
    public let rawValue: UInt8

    /// The value with a code.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// There was none.
    public static let neverSanitized = Self(rawValue: 0)
    /// It completed.
    public static let completed = Self(rawValue: 1)
    /// It is in progress.
    public static let inProgress = Self(rawValue: 2)
    /// It failed.
    public static let failed = Self(rawValue: 3)
    /// It completed and deallocated nothing.
    public static let completedWithoutDeallocate = Self(rawValue: 4)

    /// Names in words.
    public static let names: KeyValuePairs<UInt8, String> = [
        0: "NeverSanitized",
        1: "Completed",
        2: "InProgress",
        3: "Failed",
        4: "CompletedWithoutDeallocate",
    ]
}

/// The state of sanitizing (SSI).
public struct SanitizeState: WireEnumeration {
    /// The code.
    public let rawValue: UInt8

    /// The value with a code.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Nothing is going on.
    public static let idle = Self(rawValue: 0)
    /// In progress, and failure restricts what works.
    public static let restrictedProcessing = Self(rawValue: 1)
    /// Failed, with what works restricted.
    public static let restrictedFailure = Self(rawValue: 2)
    /// In progress, and failure can be left.
    public static let unrestrictedProcessing = Self(rawValue: 3)
    /// Failed, and failure can be left.
    public static let unrestrictedFailure = Self(rawValue: 4)
    /// The media can be verified.
    public static let mediaVerification = Self(rawValue: 5)
    /// Deallocating after the verification.
    public static let postVerificationDeallocation = Self(rawValue: 6)

    /// Names in words.
    public static let names: KeyValuePairs<UInt8, String> = [
        0: "Idle",
        1: "RestrictedProcessing",
        2: "RestrictedFailure",
        3: "UnrestrictedProcessing",
        4: "UnrestrictedFailure",
        5: "MediaVerification",
        6: "PostVerificationDeallocation",
    ]
}
