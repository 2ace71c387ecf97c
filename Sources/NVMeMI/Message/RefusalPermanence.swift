/// How long a refusal holds: whether, and after what, it makes sense to ask again.
public enum RefusalPermanence: Hashable, Sendable {
    /// The same command is refused again for as long as the device is what it is.
    case forGood
    /// The same command may succeed later.
    case forNow
    /// The device is at work that ends by itself (sanitize, format, self-test); then the command may succeed.
    case busy
}

extension DeviceError {
    /// How long the refusal holds: by the NVMe status when there is one, otherwise by that of NVMe-MI.
    public var permanence: RefusalPermanence { nvmeStatus?.permanence ?? status.permanence }
}

extension NVMeStatus {
    /// How long a refusal with this status holds.
    ///
    /// A status of work in progress is believed also with Do Not Retry, for the work ends. Do Not Retry is believed for all
    /// others, and without it only what says that the controller does not know or have what was asked for is for good.
    public var permanence: RefusalPermanence {
        if Self.statusesOfWork.contains(withoutAdvice) { return .busy }
        return doNotRetry || Self.statusesForGood.contains(withoutAdvice) ? .forGood : .forNow
    }

    private static let statusesOfWork: [NVMeStatus] = [
        .sanitizeInProgress, .formatInProgress, .selfTestInProgress, .controllerSuspended,
    ]

    private static let statusesForGood: [NVMeStatus] = [
        .invalidOpcode, .invalidField, .invalidNamespaceOrFormat, .operationDenied,
        .prohibitedByLockdown, .invalidLogPage, .invalidFormat, .invalidControllerIdentifier,
        .featureNotSaveable, .featureNotChangeable, .featureNotNamespaceSpecific,
        .ioCommandSetNotSupported, .invalidIOCommandSet,
    ]
}

extension ManagementStatus {
    /// How long a refusal with this status holds.
    public var permanence: RefusalPermanence {
        switch self {
        case .sanitizeInProgress: .busy
        case .invalidCommandOpcode, .invalidParameter, .invalidCommandSize,
            .invalidCommandInputDataSize, .accessDenied, .vpdUpdatesExceeded,
            .unsupportedEnclosureFunction:
            .forGood
        default: .forNow
        }
    }
}
