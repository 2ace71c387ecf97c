/// Everything that tells one simulated drive from another before it is switched on.
///
/// A description is a value: start from a named model (``model(_:)``) or from ``init()``, change
/// what matters, and give it to ``Drive``. ``DescriptionFile`` reads descriptions from text.
public struct DriveDescription: Sendable, Hashable {
    /// What a drive does with a message it has no command slot for.
    public enum SecondSlot: String, Sendable, Hashable, CaseIterable {
        /// Both command slots work, as the specification demands.
        case works
        /// Messages for slot 1 are ignored.
        case ignored
        /// Messages for slot 1 are worked on as if they were for slot 0, and so is the answer.
        case mistaken
    }

    /// What a drive does with control primitives.
    public enum ControlPrimitives: String, Sendable, Hashable, CaseIterable {
        /// All five are supported, as the specification demands.
        case supported
        /// Each is answered with Invalid Command Opcode.
        case refused
        /// None is answered.
        case ignored
    }

    /// What a drive does when a slice of an Admin command's data reaches beyond its end.
    public enum SliceBeyondEnd: String, Sendable, Hashable, CaseIterable {
        /// The command is refused with Invalid Parameter.
        case refused
        /// The answer holds what there is.
        case shortened
    }

    /// What to call the drive in logs and on the bus; empty for a name made from its number.
    public var label = ""
    /// Endpoint identifiers for the managed ports in their order; missing ones are assigned.
    public var endpointIdentifiers: [UInt8] = []
    /// MCTP network the drive is on; `nil` for the simulator's default network.
    public var network: UInt32?

    /// NVMe-MI version, major and minor.
    public var managementVersion: (major: UInt8, minor: UInt8) {
        get { (managementMajor, managementMinor) }
        set { (managementMajor, managementMinor) = newValue }
    }
    private var managementMajor: UInt8 = 1
    private var managementMinor: UInt8 = 2

    /// NVMe version as Identify Controller has it: major 31:16, minor 15:8, tertiary 7:0.
    public var nvmeVersion: UInt32 = 0x0001_0400
    /// PCI vendor identifier.
    public var vendorID: UInt16 = 0x1DE5
    /// PCI device identifier.
    public var deviceID: UInt16 = 0x51A0
    /// PCI subsystem vendor identifier.
    public var subsystemVendorID: UInt16 = 0x1DE5
    /// PCI subsystem identifier.
    public var subsystemID: UInt16 = 0x0001
    /// IEEE organisation identifier, 24 bits.
    public var organisation: UInt32 = 0xACDE48
    /// Model number, at most 40 characters.
    public var modelNumber = "Simulated NVMe Drive"
    /// Serial number, at most 20 characters; identifiers that are not given follow from it.
    public var serialNumber = "SIM00000001"
    /// NVMe qualified name of the subsystem; `nil` makes one from ``uuid``.
    public var subsystemNQN: String?
    /// UUID of the MCTP endpoint; `nil` derives one from the serial number.
    public var endpointUUID: DeviceUUID?
    /// Whether the endpoint answers Get Endpoint UUID at all.
    public var answersEndpointUUID = true

    /// Firmware revision in each slot from slot 1, at most 8 characters; empty for an empty slot.
    public var firmwareRevisions = ["1.0.0", "", ""]
    /// Slot whose firmware runs, from 1.
    public var activeFirmwareSlot: UInt8 = 1
    /// Firmware slot 1 cannot be written.
    public var isFirstFirmwareSlotReadOnly = false

    /// Ports in the order of their numbers.
    public var ports: [PortDescription] = [
        PortDescription(number: 0, kind: .pcie),
        PortDescription(number: 1, kind: .twoWire, isManaged: true),
    ]
    /// Controllers in ascending order of their identifiers.
    public var controllers = [ControllerDescription(identifier: 0, port: 0)]
    /// Namespaces in ascending order of their identifiers.
    public var namespaces = [NamespaceDescription(identifier: 1, size: 960_197_124_096)]
    /// Highest namespace identifier the drive can have.
    public var maximumNamespaces: UInt32 = 32
    /// Total capacity of the media in bytes.
    public var capacity: UInt64 = 960_197_124_096
    /// Logical block formats that namespaces can have, at most 16.
    public var formats = [BlockFormat(dataSize: 512), BlockFormat(dataSize: 4_096)]
    /// Wear, temperature and history.
    public var health = HealthDescription()
    /// Image of the VPD device; `nil` builds one from the identity.
    public var vitalProductData: [UInt8]?

    /// Optional commands the drive has.
    public var optionalCommands = OptionalCommand.usual
    /// Log pages, structures and features that the drive has besides.
    public var abilities = DriveAbility.usual
    /// Ways of sanitizing that the drive has.
    public var sanitizeAbilities: Set<SanitizeAbility> = [.cryptoErase, .blockErase, .overwrite]
    /// Whether Format NVM is always of all namespaces (FNA bit 0).
    public var formatsAllNamespaces = false
    /// Whether Format NVM is answered at once and carried out behind the answer.
    public var formatsInBackground = false
    /// How many namespaces can be attached to a controller; 0 for no limit of its own.
    public var maximumAttachments: UInt32 = 0
    /// Units of 512 000 bytes that hosts read and write in a minute.
    public var hostActivity: UInt32 = 0
    /// What happens to messages for command slot 1.
    public var secondSlot = SecondSlot.works
    /// What happens to control primitives.
    public var controlPrimitives = ControlPrimitives.supported
    /// What happens when DOFST and DLEN reach beyond the data.
    public var sliceBeyondEnd = SliceBeyondEnd.refused
    /// Whether Get Log Page with DOFST other than 0 is refused, as some firmware does.
    public var refusesLogPageOffset = false
    /// Whether Get Log Page knows the log page offset (LPA bit 2); without, it ignores the field.
    public var hasLogPageOffset = true
    /// Whether Get Log Page with Retain Asynchronous Event set is refused.
    public var refusesRetainedEvents = false
    /// Whether Identify takes CNS for a yes or no: all but namespaces are answered with the controller.
    public var takesStructureForFlag = false
    /// Whether reserved bits of SMART Warnings are 0, as warnings are.
    public var clearsReservedWarnings = false

    /// Time from a request to its answer, in milliseconds.
    public var latency: UInt32 = 0
    /// Time a reset takes, in milliseconds, during which nothing is answered.
    public var resetTime: UInt32 = 0
    /// Time a sanitize operation takes, in milliseconds.
    public var sanitizeTime: UInt32 = 2_000
    /// Time a short device self-test takes, in milliseconds.
    public var shortSelfTestTime: UInt32 = 1_000
    /// Time an extended device self-test takes, in milliseconds.
    public var extendedSelfTestTime: UInt32 = 5_000
    /// Time Format NVM takes, in milliseconds.
    public var formatTime: UInt32 = 0

    /// A U.2 data-centre drive: a PCIe port, a managed two-wire port, one controller and namespace.
    public init() {}

    /// The same kind of drive with an identity of its own.
    ///
    /// - Parameter number: Tells the drive from its siblings; it becomes part of the serial number.
    /// - Returns: A description with the serial number changed and derived identifiers following.
    public func individual(_ number: Int) -> DriveDescription {
        var copy = self
        let digits = String(number)
        let padding = String(repeating: "0", count: max(0, 8 - digits.count))
        copy.serialNumber = "SIM" + padding + digits
        return copy
    }

    /// UUID of the MCTP endpoint.
    public var uuid: DeviceUUID {
        endpointUUID ?? DeviceUUID(derivedFrom: "endpoint " + serialNumber)
    }

    /// NVMe qualified name of the subsystem.
    public var qualifiedName: String {
        subsystemNQN
            ?? "nqn.2014-08.org.nvmexpress:uuid:"
            + DeviceUUID(derivedFrom: "subsystem " + serialNumber).description
    }
}
