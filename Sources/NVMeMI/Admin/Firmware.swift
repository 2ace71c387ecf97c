/// Firmware Image Download (Admin opcode 11h): at most 4096 bytes of a firmware image.
public struct FirmwareImageDownload: AdminRequest, Equatable {
    /// Nothing.
    public typealias Reply = Void

    /// The controller that carries out the command.
    public var controller: UInt16 = 0
    /// Where in the image the bytes belong, in dwords.
    public var dwordOffset: UInt32 = 0
    /// The bytes; a multiple of 4, from 4 to 4096.
    public var data: [UInt8] = [] {
        didSet { dwordsLessOne = Self.dwordsLessOne(of: data) }
    }
    /// Number of dwords less one; follows the bytes.
    public private(set) var dwordsLessOne: UInt32 = 0

    /// Transfers nothing.
    public init() {}

    /// Transfers bytes of an image.
    ///
    /// - Parameters:
    ///   - data: The bytes; a multiple of 4, from 4 to 4096.
    ///   - dwordOffset: Where in the image they belong, in dwords.
    ///   - controller: The controller that carries out the command.
    public init(_ data: [UInt8], dwordOffset: UInt32, on controller: UInt16) {
        self.controller = controller
        self.dwordOffset = dwordOffset
        self.data = data
        dwordsLessOne = Self.dwordsLessOne(of: data)
    }

    private static func dwordsLessOne(of data: [UInt8]) -> UInt32 {
        UInt32(clamping: max(data.count / 4, 1) - 1)
    }

    /// What is known of the command besides its bytes; repeatable, for the same bytes go to the same place.
    public static let declaration = CommandDeclaration(
        admin: .firmwareImageDownload,
        deadline: .firmware,
        isRepeatable: true,
        requestFields: request.table
    )

    /// The fields of the request.
    public static let request = Layout<Self>(admin: "Firmware Image Download") {
        Field("number of dwords", at: dword(10), \.dwordsLessOne)
        Field("offset", at: dword(11), \.dwordOffset)
    }

    /// Finds an empty piece besides what all Admin commands look at.
    public func validate() throws(ArgumentError) {
        try validateAdmin()
        if data.isEmpty {
            throw ArgumentError(
                command: declaration.name,
                field: "data",
                expected: "a multiple of 4, from 4 to \(AdminMessage.maximumDataLength) bytes",
                got: "none"
            )
        }
    }

    /// The data.
    public var requestData: [UInt8] { data }

    /// Takes any.
    public mutating func setRequestData(_ data: [UInt8]) { self.data = data }
}

/// Firmware Commit (Admin opcode 10h): puts the downloaded image into a slot, activates a slot, or both.
///
/// The three statuses for which `NVMeStatus.meansResetRequired` is true come as `DeviceError` like all others; they mean
/// that the image is committed and a reset will activate it.
public struct FirmwareCommit: AdminRequest, Equatable {
    /// Bits 1:0 tell that a firmware update overlapped with another.
    public typealias Reply = UInt32

    /// The controller that carries out the command.
    public var controller: UInt16 = 0
    /// The slot, 1 to 7; 0 leaves the choice to the controller.
    public var slot: UInt8 = 0
    /// What to do.
    public var action = FirmwareCommitAction.replace
    /// The boot partition, for the actions about those.
    public var bootPartition = false

    /// Replaces the image in a slot of the controller's choice.
    public init() {}

    /// Does something with a slot.
    public init(_ action: FirmwareCommitAction, slot: UInt8, on controller: UInt16) {
        self.action = action
        self.slot = slot
        self.controller = controller
    }

    /// What is known of the command besides its bytes.
    public static let declaration = CommandDeclaration(
        admin: .firmwareCommit,
        deadline: .firmware,
        requestFields: request.table
    )

    /// The fields of the request.
    public static let request = Layout<Self>(admin: "Firmware Commit") {
        Field("firmware slot", at: dword(10), bits: 0...2, \.slot)
        Field("commit action", at: dword(10), bits: 3...5, \.action)
        Field("boot partition identifier", at: dword(10), bit: 31, \.bootPartition)
    }

    /// The command specific result.
    public func readReply(_ reply: AdminReply) throws(DecodingError) -> UInt32 { reply.result }

    /// The command specific result.
    public func writeReply(_ reply: UInt32) -> AdminReply { AdminReply(result: reply) }
}

/// What Firmware Commit does (CA).
public struct FirmwareCommitAction: WireEnumeration {
    /// The code.
    public let rawValue: UInt8

    /// The action with a code.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Replaces the image in the slot.
    public static let replace = Self(rawValue: 0)
    /// Replaces the image in the slot; the next reset activates it.
    public static let replaceAndActivateAtReset = Self(rawValue: 1)
    /// The next reset activates the image in the slot.
    public static let activateAtReset = Self(rawValue: 2)
    /// Replaces the image in the slot, or not when none was downloaded, and activates it at once.
    public static let activateNow = Self(rawValue: 3)
    /// Replaces the boot partition.
    public static let replaceBootPartition = Self(rawValue: 6)
    /// Activates the boot partition.
    public static let activateBootPartition = Self(rawValue: 7)

    /// Names in words.
    public static let names: KeyValuePairs<UInt8, String> = [
        0: "Replace",
        1: "ReplaceAndActivateAtReset",
        2: "ActivateAtReset",
        3: "ActivateNow",
        6: "ReplaceBootPartition",
        7: "ActivateBootPartition",
    ]
}
