/// Virtualization Management (Admin opcode 1Ch): gives flexible resources to controllers.
public struct VirtualizationManagement: AdminRequest, Equatable {
    /// How many resources the controller has now, in bits 15:0.
    public typealias Reply = UInt32

    /// The controller that carries out the command: the primary one.
    public var controller: UInt16 = 0
    /// What to do.
    public var action = VirtualizationAction.allocateToPrimary
    /// Which resources: 0 for queues, 1 for interrupts.
    public var resourceType: UInt8 = 0
    /// The controller that it is about.
    public var subject: UInt16 = 0
    /// How many resources.
    public var resourceCount: UInt16 = 0

    /// Gives no queues to the primary controller 0.
    public init() {}

    /// Does something with a controller.
    public init(
        _ action: VirtualizationAction,
        subject: UInt16,
        resourceType: UInt8 = 0,
        count: UInt16 = 0,
        on controller: UInt16
    ) {
        self.action = action
        self.subject = subject
        self.resourceType = resourceType
        resourceCount = count
        self.controller = controller
    }

    /// What is known of the command besides its bytes.
    public static let declaration = CommandDeclaration(
        admin: .virtualizationManagement,
        deadline: .long,
        requestFields: request.table
    )

    /// The fields of the request.
    public static let request = Layout<Self>(admin: "Virtualization Management") {
        Field("action", at: dword(10), bits: 0...3, \.action)
        Field("resource type", at: dword(10), bits: 8...10, \.resourceType)
        Field("controller identifier", at: dword(10), bits: 16...31, \.subject)
        Field("number of controller resources", at: dword(11), bits: 0...15, \.resourceCount)
    }

    /// The command specific result.
    public func readReply(_ reply: AdminReply) throws(DecodingError) -> UInt32 { reply.result }

    /// The command specific result.
    public func writeReply(_ reply: UInt32) -> AdminReply { AdminReply(result: reply) }
}

/// What Virtualization Management does (ACT).
public struct VirtualizationAction: WireEnumeration {
    /// The code.
    public let rawValue: UInt8

    /// The action with a code.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Gives flexible resources to the primary controller.
    public static let allocateToPrimary = Self(rawValue: 1)
    /// Takes a secondary controller offline.
    public static let takeOffline = Self(rawValue: 7)
    /// Gives flexible resources to a secondary controller.
    public static let assignToSecondary = Self(rawValue: 8)
    /// Takes a secondary controller online.
    public static let takeOnline = Self(rawValue: 9)

    /// Names in words.
    public static let names: KeyValuePairs<UInt8, String> = [
        1: "AllocateToPrimary", 7: "TakeOffline", 8: "AssignToSecondary", 9: "TakeOnline",
    ]
}
