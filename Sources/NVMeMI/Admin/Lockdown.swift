/// Lockdown (Admin opcode 24h): prohibits a command or a feature, or allows it again.
public struct Lockdown: AdminRequest, Equatable {
    /// Nothing.
    public typealias Reply = Void

    /// The controller that carries out the command.
    public var controller: UInt16 = 0
    /// What the identifier is one of.
    public var scope = LockdownScope.adminCommand
    /// True to prohibit, false to allow.
    public var isProhibited = false
    /// Where it is prohibited: 0 on the Admin queue, 1 there and out of band, 2 out of band (unverified).
    public var interface: UInt8 = 0
    /// The opcode, or the identifier of the feature.
    public var identifier: UInt8 = 0
    /// Index into the list of UUIDs, for vendor specific ones.
    public var uuidIndex: UInt8 = 0

    /// Allows Admin command 00h on the Admin queue.
    public init() {}

    /// Prohibits something, or allows it.
    public init(
        _ scope: LockdownScope,
        _ identifier: UInt8,
        isProhibited: Bool,
        interface: UInt8 = 0,
        on controller: UInt16
    ) {
        self.scope = scope
        self.identifier = identifier
        self.isProhibited = isProhibited
        self.interface = interface
        self.controller = controller
    }

    /// What is known of the command besides its bytes.
    public static let declaration = CommandDeclaration(
        admin: .lockdown,
        deadline: .configuration,
        isRepeatable: true,
        requestFields: request.table
    )

    /// The fields of the request.
    public static let request = Layout<Self>(admin: "Lockdown") {
        Field("scope", at: dword(10), bits: 0...3, \.scope)
        Field("prohibit", at: dword(10), bit: 4, \.isProhibited)
        Field("interface", at: dword(10), bits: 5...6, \.interface)
        Field("opcode or feature identifier", at: dword(10), bits: 8...15, \.identifier)
        Field("UUID index", at: dword(14), bits: 0...6, \.uuidIndex)
    }
}

/// What Lockdown prohibits (SCP).
public struct LockdownScope: WireEnumeration {
    /// The code.
    public let rawValue: UInt8

    /// The scope with a code.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// An Admin command.
    public static let adminCommand = Self(rawValue: 0)
    /// Setting a feature.
    public static let feature = Self(rawValue: 2)
    /// A command of the Management Interface.
    public static let managementCommand = Self(rawValue: 3)
    /// A command of the PCIe command set.
    public static let pcieCommand = Self(rawValue: 4)

    /// Names in words.
    public static let names: KeyValuePairs<UInt8, String> = [
        0: "AdminCommand", 2: "Feature", 3: "ManagementCommand", 4: "PCIeCommand",
    ]
}
