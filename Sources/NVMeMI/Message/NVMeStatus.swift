/// The status of an NVMe Admin command: status code type, status code, and what to do about it.
public struct NVMeStatus: Hashable, Sendable, CustomStringConvertible {
    /// The 15 bits: status code 7:0, status code type 10:8, retry delay 12:11, more 13, do not retry 14.
    public let rawValue: UInt16

    /// The status with 15 bits; the highest of the 16 is ignored.
    public init(rawValue: UInt16) { self.rawValue = rawValue & 0x7FFF }

    /// The status with a type and a code.
    public init(
        codeType: UInt8,
        code: UInt8,
        retryDelay: UInt8 = 0,
        hasMore: Bool = false,
        doNotRetry: Bool = false
    ) {
        rawValue =
            UInt16(code) | UInt16(codeType & 7) << 8 | UInt16(retryDelay & 3) << 11
            | (hasMore ? 0x2000 : 0) | (doNotRetry ? 0x4000 : 0)
    }

    /// The status in the last dword of a completion queue entry.
    public init(completionDword3: UInt32) {
        rawValue = UInt16(truncatingIfNeeded: completionDword3 >> 17)
    }

    /// The last dword of a completion queue entry with this status.
    public var completionDword3: UInt32 { UInt32(rawValue) << 17 }

    /// Status code type: 0 generic, 1 command specific, 2 media, 3 path, 7 vendor specific.
    public var codeType: UInt8 { UInt8(truncatingIfNeeded: rawValue >> 8 & 7) }

    /// Status code; its meaning depends on the type.
    public var code: UInt8 { UInt8(truncatingIfNeeded: rawValue) }

    /// Which of the controller's three retry delays (CRDT) to wait before a retry; 0 for none.
    public var retryDelay: UInt8 { UInt8(truncatingIfNeeded: rawValue >> 11 & 3) }

    /// True when the error log has more about it.
    public var hasMore: Bool { rawValue & 0x2000 != 0 }

    /// True when the same command would fail again.
    public var doNotRetry: Bool { rawValue & 0x4000 != 0 }

    /// Type and code alone, for comparison.
    public var withoutAdvice: NVMeStatus { NVMeStatus(rawValue: rawValue & 0x07FF) }

    /// True when the command was carried out.
    public var isSuccess: Bool { rawValue & 0x07FF == 0 }

    /// True for the three answers to Firmware Commit that mean: committed, and a reset will activate it.
    public var meansResetRequired: Bool {
        [.firmwareNeedsConventionalReset, .firmwareNeedsSubsystemReset, .firmwareNeedsReset]
            .contains(withoutAdvice)
    }

    /// The name of the code, nil when it has none.
    public var name: String? { Self.names[code: rawValue & 0x07FF] }

    /// The name with the numbers and the advice, such as `Invalid Field in Command (SCT 0h, SC 02h), do not retry`.
    public var description: String {
        let unknown =
            switch codeType {
            case 7: "Vendor Specific Status"
            default: code >= 0xC0 ? "Vendor Specific Status" : "Unknown Status"
            }
        let numbers = "SCT \(codeType.hexadecimal(digits: 1)), SC \(code.hexadecimal())"
        return "\(name ?? unknown) (\(numbers))"
            + (hasMore ? ", more in the error log" : "")
            + (doNotRetry ? ", do not retry" : "")
    }
}

extension NVMeStatus {
    /// The command was carried out.
    public static let success = Self(codeType: 0, code: 0x00)
    /// The controller does not know the opcode or does not support it.
    public static let invalidOpcode = Self(codeType: 0, code: 0x01)
    /// A field of the command has a value that is not allowed.
    public static let invalidField = Self(codeType: 0, code: 0x02)
    /// The namespace does not exist, or its format does not allow the command.
    public static let invalidNamespaceOrFormat = Self(codeType: 0, code: 0x0B)
    /// Commands came in the wrong order.
    public static let commandSequenceError = Self(codeType: 0, code: 0x0C)
    /// The last sanitize operation failed.
    public static let sanitizeFailed = Self(codeType: 0, code: 0x1C)
    /// A sanitize operation prevents the command.
    public static let sanitizeInProgress = Self(codeType: 0, code: 0x1D)
    /// The namespace is write protected.
    public static let namespaceWriteProtected = Self(codeType: 0, code: 0x20)
    /// The slot of Firmware Commit does not exist or is read-only.
    public static let invalidFirmwareSlot = Self(codeType: 1, code: 0x06)
    /// The firmware image is not valid for the controller.
    public static let invalidFirmwareImage = Self(codeType: 1, code: 0x07)
    /// The log page does not exist.
    public static let invalidLogPage = Self(codeType: 1, code: 0x09)
    /// The format is not supported.
    public static let invalidFormat = Self(codeType: 1, code: 0x0A)
    /// Committed; a conventional reset activates it.
    public static let firmwareNeedsConventionalReset = Self(codeType: 1, code: 0x0B)
    /// Committed; an NVM subsystem reset activates it.
    public static let firmwareNeedsSubsystemReset = Self(codeType: 1, code: 0x10)
    /// Committed; a controller level reset activates it.
    public static let firmwareNeedsReset = Self(codeType: 1, code: 0x11)
    /// Activating the image at once would take longer than the controller says it does; it takes a reset.
    public static let firmwareNeedsMaximumTimeViolation = Self(codeType: 1, code: 0x12)
    /// The image must not be activated, as one that is older than is allowed.
    public static let firmwareActivationProhibited = Self(codeType: 1, code: 0x13)
    /// A piece of an image overlaps with another.
    public static let overlappingRange = Self(codeType: 1, code: 0x14)
    /// The value of the feature cannot be saved.
    public static let featureNotSaveable = Self(codeType: 1, code: 0x0D)
    /// The feature cannot be changed.
    public static let featureNotChangeable = Self(codeType: 1, code: 0x0E)
    /// The feature is not kept for each namespace.
    public static let featureNotNamespaceSpecific = Self(codeType: 1, code: 0x0F)
    /// A device self-test is in progress.
    public static let selfTestInProgress = Self(codeType: 1, code: 0x1D)
    /// The command is refused for security reasons.
    public static let operationDenied = Self(codeType: 0, code: 0x15)
    /// The command is locked down.
    public static let prohibitedByLockdown = Self(codeType: 0, code: 0x23)
    /// The media cannot be used yet, as shortly after power-on.
    public static let adminCommandMediaNotReady = Self(codeType: 0, code: 0x24)
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
    /// The controller does not support the I/O command set.
    public static let ioCommandSetNotSupported = Self(codeType: 1, code: 0x29)
    /// There is no such I/O command set.
    public static let invalidIOCommandSet = Self(codeType: 1, code: 0x2C)
    /// The controller is suspended for a migration.
    public static let controllerSuspended = Self(codeType: 1, code: 0x39)
    /// Not enough capacity.
    public static let insufficientCapacity = Self(codeType: 1, code: 0x26)
    /// No more namespaces can be attached.
    public static let namespaceAttachmentLimitExceeded = Self(codeType: 1, code: 0x27)
}
