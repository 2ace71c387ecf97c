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
    /// Bytes of which each piece of a firmware image must be a multiple, as the controller says; 4 when it does not
    /// say, or any will do.
    public let firmwareGranularity: UInt32
    /// How long activating firmware takes at most, as the controller says; zero when it does not say.
    public let firmwareActivationTime: Duration

    /// Pieces of a firmware image begin at a multiple of this many bytes, and have a multiple of them but for the last:
    /// the granularity, and never more than fit into a message.
    public var firmwarePiece: UInt32 { min(firmwareGranularity, AdminMessage.maximumDataLength) }

    init(_ identity: IdentifyController) {
        missingCommands = CodeSet { identity.rulesOut(AdminOpcode(rawValue: $0)) }
        missingPages = CodeSet { identity.rulesOut(LogPageIdentifier(rawValue: $0)) }
        missingStructures = CodeSet { identity.rulesOut(IdentifyStructure(rawValue: $0)) }
        firmwareSlots = identity.firmwareSlotCount
        isFirstFirmwareSlotReadOnly = identity.isFirstFirmwareSlotReadOnly
        activatesFirmwareWithoutReset = identity.canActivateFirmwareWithoutReset
        // In units of 4 KiB; FFh is no restriction.
        firmwareGranularity =
            switch identity.firmwareUpdateGranularity {
            case 0, 0xFF: 4
            case let units: UInt32(units) << 12
            }
        firmwareActivationTime =
            .milliseconds(100 * Int64(identity.maximumTimeForFirmwareActivation))
    }

    /// Log pages of which an identity can say that they are not there: it says so of all when it says nothing.
    static let pagesWithACapability = ControllerAbilities(IdentifyController()).missingPages
    /// Admin commands of which an identity can say that they are not there.
    static let commandsWithACapability = ControllerAbilities(IdentifyController()).missingCommands
}
