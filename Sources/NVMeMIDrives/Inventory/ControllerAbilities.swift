import NVMeMI

/// What a controller's identity says beforehand that it has and has not.
public struct ControllerAbilities: Hashable, Sendable {
    /// Admin commands that it does not have.
    public let missingCommands: CodeSet
    /// Log pages that it does not have.
    public let missingPages: CodeSet
    /// Structures of Identify (CNS) that it does not have.
    public let missingStructures: CodeSet
    /// Firmware slots, from 1 on; 0 when it does not say.
    public let firmwareSlots: UInt8
    /// Whether the firmware in slot 1 cannot be replaced.
    public let isFirstFirmwareSlotReadOnly: Bool
    /// Whether firmware can become active without a reset.
    public let activatesFirmwareWithoutReset: Bool
    /// Pieces of a firmware image begin at a multiple of this many bytes, and have a multiple of them but for the last;
    /// 4 unless the controller wants more (FWUG), and never more than fit into a message.
    public let firmwarePiece: UInt32

    init(_ identity: IdentifyController) {
        missingCommands = CodeSet { identity.rulesOut(AdminOpcode(rawValue: $0)) }
        missingPages = CodeSet { identity.rulesOut(LogPageIdentifier(rawValue: $0)) }
        missingStructures = CodeSet { identity.rulesOut(IdentifyStructure(rawValue: $0)) }
        firmwareSlots = identity.firmwareSlotCount
        isFirstFirmwareSlotReadOnly = identity.isFirstFirmwareSlotReadOnly
        activatesFirmwareWithoutReset = identity.canActivateFirmwareWithoutReset
        // 0 says nothing, FFh that there is no such rule; units are 4 KiB.
        firmwarePiece =
            [0, 0xFF].contains(identity.firmwareUpdateGranularity)
            ? 4 : AdminMessage.maximumDataLength
    }

    /// Log pages of which an identity can say that they are not there: it says so of all when it says nothing.
    static let pagesWithACapability = ControllerAbilities(IdentifyController()).missingPages
    /// Admin commands of which an identity can say that they are not there.
    static let commandsWithACapability = ControllerAbilities(IdentifyController()).missingCommands
}
