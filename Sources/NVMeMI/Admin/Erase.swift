/// Format NVM (Admin opcode 80h): gives a namespace another format and erases it.
public struct FormatNVM: AdminRequest, Equatable {
    /// Nothing.
    public typealias Reply = Void

    /// The controller that carries out the command.
    public var controller: UInt16 = 0
    /// The namespace; FFFFFFFFh for all.
    public var namespace: UInt32 = 0
    /// Index of the LBA format, 0 to 63.
    public var formatIndex: UInt8 = 0
    /// True to have metadata behind the data of each block instead of in a buffer of its own.
    public var isMetadataInterleaved = false
    /// End-to-end protection, 0 for none, else type 1 to 3.
    public var protectionType: UInt8 = 0
    /// True to have the protection in the first bytes of the metadata.
    public var isProtectionFirst = false
    /// How to erase.
    public var erase = SecureErase.none

    /// Formats namespace 0 with format 0.
    public init() {}

    /// Formats a namespace.
    public init(
        _ namespace: UInt32,
        on controller: UInt16,
        formatIndex: UInt8,
        erase: SecureErase = .none
    ) {
        self.namespace = namespace
        self.controller = controller
        self.formatIndex = formatIndex
        self.erase = erase
    }

    /// What is known of the command besides its bytes.
    public static let declaration = CommandDeclaration(
        admin: .formatNVM,
        deadline: .long,
        requestFields: request.table
    )

    /// The fields of the request.
    public static let request = Layout<Self>(admin: "Format NVM") {
        Field("namespace identifier", at: dword(1), \.namespace)
        Field("LBA format (lower)", at: dword(10), bits: 0...3, computed: \.formatIndexLow)
        Field("metadata settings", at: dword(10), bit: 4, \.isMetadataInterleaved)
        Field("protection information", at: dword(10), bits: 5...7, \.protectionType)
        Field("protection information location", at: dword(10), bit: 8, \.isProtectionFirst)
        Field("secure erase settings", at: dword(10), bits: 9...11, \.erase)
        Field("LBA format (upper)", at: dword(10), bits: 12...13, computed: \.formatIndexHigh)
    }

    private var formatIndexLow: UInt8 {
        get { formatIndex & 0xF }
        set { formatIndex = formatIndex & 0xF0 | newValue & 0xF }
    }

    private var formatIndexHigh: UInt8 {
        get { formatIndex >> 4 }
        set { formatIndex = formatIndex & 0xF | newValue << 4 }
    }
}

/// How Format NVM erases (SES).
public struct SecureErase: WireEnumeration {
    /// The code.
    public let rawValue: UInt8

    /// The way with a code.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Not at all.
    public static let none = Self(rawValue: 0)
    /// All user data.
    public static let userData = Self(rawValue: 1)
    /// The key, which makes the data unreadable.
    public static let cryptographic = Self(rawValue: 2)

    /// Names in words.
    public static let names: KeyValuePairs<UInt8, String> = [
        0: "None", 1: "UserData", 2: "Cryptographic",
    ]
}

/// Sanitize (Admin opcode 84h): erases all user data of the subsystem, in the background after the response.
public struct Sanitize: AdminRequest, Equatable {
    /// Nothing.
    public typealias Reply = Void

    /// The controller that carries out the command.
    public var controller: UInt16 = 0
    /// What to do.
    public var action = SanitizeAction.blockErase
    /// True to be able to leave the failure without a successful sanitize operation.
    public var allowsUnrestrictedExit = false
    /// Passes of overwriting, 1 to 15; 0 stands for 16.
    public var overwritePasses: UInt8 = 0
    /// True to invert the pattern between passes of overwriting.
    public var invertsPattern = false
    /// True to deallocate nothing afterwards.
    public var noDeallocate = false
    /// True to stay in the state of media verification afterwards.
    public var entersMediaVerification = false
    /// The pattern of overwriting.
    public var overwritePattern: UInt32 = 0

    /// Erases blocks.
    public init() {}

    /// Does something.
    public init(_ action: SanitizeAction, on controller: UInt16) {
        self.action = action
        self.controller = controller
    }

    /// Command dword 10, which the log keeps of the operation that it begins.
    public var dword10: UInt32 {
        UInt32(truncatingIfNeeded: RecordView(encode(slot: .zero)).number(at: dword(10), 4))
    }

    /// What is known of the command besides its bytes.
    public static let declaration = CommandDeclaration(
        admin: .sanitize,
        deadline: .long,
        requestFields: request.table
    )

    /// The fields of the request.
    public static let request = Layout<Self>(admin: "Sanitize") {
        Field("sanitize action", at: dword(10), bits: 0...2, \.action)
        Field("allow unrestricted exit", at: dword(10), bit: 3, \.allowsUnrestrictedExit)
        Field("overwrite passes", at: dword(10), bits: 4...7, \.overwritePasses)
        Field("overwrite invert pattern", at: dword(10), bit: 8, \.invertsPattern)
        Field("no deallocate after sanitize", at: dword(10), bit: 9, \.noDeallocate)
        Field("enter media verification state", at: dword(10), bit: 10, \.entersMediaVerification)
        Field("overwrite pattern", at: dword(11), \.overwritePattern)
    }
}

/// What Sanitize does (SANACT).
public struct SanitizeAction: WireEnumeration {
    /// The code.
    public let rawValue: UInt8

    /// The action with a code.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Leaves the failure of an operation.
    public static let exitFailureMode = Self(rawValue: 1)
    /// Erases the blocks.
    public static let blockErase = Self(rawValue: 2)
    /// Overwrites everything.
    public static let overwrite = Self(rawValue: 3)
    /// Erases the keys.
    public static let cryptoErase = Self(rawValue: 4)
    /// Leaves the state of media verification.
    public static let exitMediaVerification = Self(rawValue: 5)

    /// Names in words.
    public static let names: KeyValuePairs<UInt8, String> = [
        1: "ExitFailureMode", 2: "BlockErase", 3: "Overwrite", 4: "CryptoErase",
        5: "ExitMediaVerification",
    ]
}
