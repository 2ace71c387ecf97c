/// Capacity Management (Admin opcode 20h): creates and deletes endurance groups and NVM sets.
public struct CapacityManagement: AdminRequest, Equatable {
    /// The identifier of what was created, in bits 15:0.
    public typealias Reply = UInt32

    /// The controller that carries out the command.
    public var controller: UInt16 = 0
    /// What to do.
    public var operation = CapacityOperation.selectConfiguration
    /// What it is about: a configuration, an endurance group or an NVM set.
    public var element: UInt16 = 0
    /// Bytes, for what is created.
    public var capacity: UInt64 = 0

    /// Selects configuration 0.
    public init() {}

    /// Does something with an element.
    public init(
        _ operation: CapacityOperation,
        element: UInt16,
        capacity: UInt64 = 0,
        on controller: UInt16
    ) {
        self.operation = operation
        self.element = element
        self.capacity = capacity
        self.controller = controller
    }

    /// What is known of the command besides its bytes.
    public static let declaration = CommandDeclaration(
        admin: .capacityManagement,
        deadline: .long,
        requestFields: request.table
    )

    /// The fields of the request.
    public static let request = Layout<Self>(admin: "Capacity Management") {
        Field("operation", at: dword(10), bits: 0...3, \.operation)
        Field("element identifier", at: dword(10), bits: 16...31, \.element)
        Field("capacity", at: dword(11), \.capacity)
    }

    /// The command specific result.
    public func readReply(_ reply: AdminReply) throws(DecodingError) -> UInt32 { reply.result }

    /// The command specific result.
    public func writeReply(_ reply: UInt32) -> AdminReply { AdminReply(result: reply) }
}

/// What Capacity Management does (OPER); the codes are (unverified).
public struct CapacityOperation: WireEnumeration {
    /// The code.
    public let rawValue: UInt8

    /// The operation with a code.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Selects one of the supported configurations.
    public static let selectConfiguration = Self(rawValue: 0)
    /// Creates an endurance group.
    public static let createEnduranceGroup = Self(rawValue: 1)
    /// Deletes an endurance group.
    public static let deleteEnduranceGroup = Self(rawValue: 2)
    /// Creates an NVM set.
    public static let createNVMSet = Self(rawValue: 3)
    /// Deletes an NVM set.
    public static let deleteNVMSet = Self(rawValue: 4)

    /// Names in words.
    public static let names: KeyValuePairs<UInt8, String> = [
        0: "SelectConfiguration", 1: "CreateEnduranceGroup", 2: "DeleteEnduranceGroup",
        3: "CreateNVMSet", 4: "DeleteNVMSet",
    ]
}
