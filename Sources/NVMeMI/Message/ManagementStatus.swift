/// The status byte of every NVMe-MI response.
public struct ManagementStatus: WireEnumeration {
    /// The code.
    public let rawValue: UInt8

    /// The status with a code.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The command was carried out; an Admin command has a status of its own beside.
    public static let success = Self(rawValue: 0x00)
    /// The real response comes later.
    public static let moreProcessingRequired = Self(rawValue: 0x01)
    /// The endpoint failed for reasons of its own.
    public static let internalError = Self(rawValue: 0x02)
    /// The endpoint does not know the opcode or does not support it.
    public static let invalidCommandOpcode = Self(rawValue: 0x03)
    /// A field of the request has a value that is not allowed.
    public static let invalidParameter = Self(rawValue: 0x04)
    /// The message is too short or too long for its header.
    public static let invalidCommandSize = Self(rawValue: 0x05)
    /// The request has more or less data than its header says.
    public static let invalidCommandInputDataSize = Self(rawValue: 0x06)
    /// The command is prohibited now, for example by lockdown.
    public static let accessDenied = Self(rawValue: 0x07)
    /// The command could not be aborted.
    public static let unableToAbort = Self(rawValue: 0x08)
    /// The Vital Product Data cannot be written any more.
    public static let vpdUpdatesExceeded = Self(rawValue: 0x20)
    /// The PCIe function cannot be reached.
    public static let pcieInaccessible = Self(rawValue: 0x21)
    /// A sanitize operation cleared the Management Endpoint Buffer.
    public static let managementEndpointBufferCleared = Self(rawValue: 0x22)
    /// Enclosure services failed.
    public static let enclosureServicesFailure = Self(rawValue: 0x23)
    /// The transfer to enclosure services failed.
    public static let enclosureServicesTransferFailure = Self(rawValue: 0x24)
    /// The enclosure failed.
    public static let enclosureFailure = Self(rawValue: 0x25)
    /// Enclosure services refused the transfer.
    public static let enclosureServicesTransferRefused = Self(rawValue: 0x26)
    /// The enclosure does not support the function.
    public static let unsupportedEnclosureFunction = Self(rawValue: 0x27)
    /// Enclosure services are not available.
    public static let enclosureServicesUnavailable = Self(rawValue: 0x28)
    /// The enclosure works with restrictions.
    public static let enclosureDegraded = Self(rawValue: 0x29)
    /// A sanitize operation prevents the command.
    public static let sanitizeInProgress = Self(rawValue: 0x2A)

    /// Names in words.
    public static let names: KeyValuePairs<UInt8, String> = [
        0x00: "Success",
        0x01: "More Processing Required",
        0x02: "Internal Error",
        0x03: "Invalid Command Opcode",
        0x04: "Invalid Parameter",
        0x05: "Invalid Command Size",
        0x06: "Invalid Command Input Data Size",
        0x07: "Access Denied",
        0x08: "Unable to Abort",
        0x20: "VPD Updates Exceeded",
        0x21: "PCIe Inaccessible",
        0x22: "Management Endpoint Buffer Cleared Due to Sanitize",
        0x23: "Enclosure Services Failure",
        0x24: "Enclosure Services Transfer Failure",
        0x25: "Enclosure Failure",
        0x26: "Enclosure Services Transfer Refused",
        0x27: "Unsupported Enclosure Function",
        0x28: "Enclosure Services Unavailable",
        0x29: "Enclosure Degraded",
        0x2A: "Sanitize In Progress",
    ]

    /// True for the codes that belong to the vendor.
    public var isVendorSpecific: Bool { rawValue >= 0xE0 }

    /// The name in words with the number, such as `Invalid Parameter (04h)`.
    public var description: String {
        let words = name ?? (isVendorSpecific ? "Vendor Specific Status" : "Reserved Status")
        return "\(words) (\(rawValue.hexadecimal()))"
    }
}
