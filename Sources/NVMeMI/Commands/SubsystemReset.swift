/// Reset (opcode 07h) of the NVM subsystem.
///
/// There is no response when it succeeds: the endpoint loses its identifier. An expired deadline may well be success.
public struct SubsystemReset: ManagementCommand, Equatable {
    /// Nothing.
    public typealias Reply = Void

    /// What to reset; 0 is the NVM subsystem, other values are reserved.
    public var type: UInt8 = 0

    /// Resets the NVM subsystem.
    public init() {}

    /// What is known of the command besides its bytes.
    public static let declaration = CommandDeclaration(
        "Reset",
        category: .managementInterface,
        opcode: 0x07,
        .optional,
        deadline: .reset,
        isRepeatable: false,
        requestFields: request.table
    )

    /// The fields of the request.
    public static let request = Layout<Self>("Reset request", size: 16) {
        Field("reset type", at: 11, \.type)
    }
}

/// Shutdown (opcode 0Ch) of the NVM subsystem; the response comes when it has begun.
public struct SubsystemShutdown: ManagementCommand, Equatable {
    /// Nothing.
    public typealias Reply = Void

    /// How to shut down.
    public var type = ShutdownType.normal

    /// Shuts down normally.
    public init() {}

    /// Shuts down.
    public init(_ type: ShutdownType) { self.type = type }

    /// What is known of the command besides its bytes.
    public static let declaration = CommandDeclaration(
        "Shutdown",
        category: .managementInterface,
        opcode: 0x0C,
        .optional,
        deadline: .long,
        isRepeatable: true,
        requestFields: request.table
    )

    /// The fields of the request.
    public static let request = Layout<Self>("Shutdown request", size: 16) {
        Field("shutdown type", at: 11, \.type)
    }
}

/// How to shut down an NVM subsystem.
public struct ShutdownType: WireEnumeration {
    /// The code.
    public let rawValue: UInt8

    /// The type with a code.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Everything is saved.
    public static let normal = Self(rawValue: 0)
    /// As fast as possible; the next start takes longer.
    public static let abrupt = Self(rawValue: 1)

    /// Names in words.
    public static let names: KeyValuePairs<UInt8, String> = [0: "Normal", 1: "Abrupt"]
}
