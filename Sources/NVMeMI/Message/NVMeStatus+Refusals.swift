extension NVMeStatus {
    /// The command is refused for security reasons.
    public static let operationDenied = Self(codeType: 0, code: 0x15)
    /// The command is locked down.
    public static let prohibitedByLockdown = Self(codeType: 0, code: 0x23)
    /// The namespace cannot be used yet.
    public static let namespaceNotReady = Self(codeType: 0, code: 0x82)
    /// The namespace is being formatted.
    public static let formatInProgress = Self(codeType: 0, code: 0x84)
    /// Not enough capacity for the namespace.
    public static let namespaceInsufficientCapacity = Self(codeType: 1, code: 0x15)
    /// All namespace identifiers are in use.
    public static let namespaceIdentifierUnavailable = Self(codeType: 1, code: 0x16)
    /// There is no such controller.
    public static let invalidControllerIdentifier = Self(codeType: 1, code: 0x1F)
    /// Not enough capacity.
    public static let insufficientCapacity = Self(codeType: 1, code: 0x26)
    /// No more namespaces can be attached.
    public static let namespaceAttachmentLimitExceeded = Self(codeType: 1, code: 0x27)
}
