/// Directive Receive (Admin opcode 1Ah): reads what a type of directives can do, or what it is set to.
///
/// Storage devices refuse it out of band; the command is here for those who do not.
public struct DirectiveReceive: AdminRequest, Equatable {
    /// The result, and the data.
    public typealias Reply = AdminReply

    /// The controller that carries out the command.
    public var controller: UInt16 = 0
    /// The namespace.
    public var namespace: UInt32 = 0
    /// What to do, which depends on the type.
    public var operation: UInt8 = 0
    /// The type: 0 identifies the types, 1 is of streams, 2 of data placement.
    public var type: UInt8 = 0
    /// What the type defines.
    public var specific: UInt16 = 0
    /// Dword 12, whose meaning depends on the type.
    public var dword12: UInt32 = 0
    /// Dword 13, whose meaning depends on the type.
    public var dword13: UInt32 = 0
    /// Dwords to return, less one.
    public var dwordsLessOne: UInt32 = 0
    /// Bytes to return; a multiple of 4, at most 4096.
    public var dataLength: UInt32 = 0

    /// Reads nothing.
    public init() {}

    /// Reads what a type of directives says.
    public init(
        type: UInt8,
        operation: UInt8,
        on controller: UInt16,
        namespace: UInt32,
        length: UInt32
    ) {
        self.type = type
        self.operation = operation
        self.controller = controller
        self.namespace = namespace
        dataLength = length
        dwordsLessOne = length / 4 == 0 ? 0 : length / 4 - 1
    }

    /// What is known of the command besides its bytes.
    public static let declaration = CommandDeclaration(
        admin: AdminOpcode(rawValue: 0x1A),
        .prohibited,
        deadline: .read,
        requestFields: request.table
    )

    /// The fields of the request.
    public static let request = Layout<Self>(admin: "Directive Receive") {
        Field("namespace identifier", at: dword(1), \.namespace)
        Field("number of dwords", at: dword(10), \.dwordsLessOne)
        Field("directive operation", at: dword(11), bits: 0...7, \.operation)
        Field("directive type", at: dword(11), bits: 8...15, \.type)
        Field("directive specific", at: dword(11), bits: 16...31, \.specific)
        Field("dword 12", at: dword(12), \.dword12)
        Field("dword 13", at: dword(13), \.dword13)
    }
}

/// Directive Send (Admin opcode 19h): sets what a type of directives does.
///
/// Storage devices refuse it out of band; the command is here for those who do not.
public struct DirectiveSend: AdminRequest, Equatable {
    /// The command specific result.
    public typealias Reply = UInt32

    /// The controller that carries out the command.
    public var controller: UInt16 = 0
    /// The namespace.
    public var namespace: UInt32 = 0
    /// What to do, which depends on the type.
    public var operation: UInt8 = 0
    /// The type.
    public var type: UInt8 = 0
    /// What the type defines.
    public var specific: UInt16 = 0
    /// Dword 12, whose meaning depends on the type.
    public var dword12: UInt32 = 0
    /// Dword 13, whose meaning depends on the type.
    public var dword13: UInt32 = 0
    /// Data; a multiple of 4 bytes.
    public var data: [UInt8] = [] {
        didSet { dwordsLessOne = data.count < 8 ? 0 : UInt32(clamping: data.count / 4 - 1) }
    }
    /// Dwords that are sent, less one; follows the data.
    public private(set) var dwordsLessOne: UInt32 = 0

    /// Sends nothing.
    public init() {}

    /// Sets what a type of directives does.
    public init(type: UInt8, operation: UInt8, on controller: UInt16, namespace: UInt32) {
        self.type = type
        self.operation = operation
        self.controller = controller
        self.namespace = namespace
    }

    /// What is known of the command besides its bytes.
    public static let declaration = CommandDeclaration(
        admin: AdminOpcode(rawValue: 0x19),
        .prohibited,
        deadline: .configuration,
        requestFields: request.table
    )

    /// The fields of the request.
    public static let request = Layout<Self>(admin: "Directive Send") {
        Field("namespace identifier", at: dword(1), \.namespace)
        Field("number of dwords", at: dword(10), \.dwordsLessOne)
        Field("directive operation", at: dword(11), bits: 0...7, \.operation)
        Field("directive type", at: dword(11), bits: 8...15, \.type)
        Field("directive specific", at: dword(11), bits: 16...31, \.specific)
        Field("dword 12", at: dword(12), \.dword12)
        Field("dword 13", at: dword(13), \.dword13)
    }

    /// The data.
    public var requestData: [UInt8] { data }

    /// Takes any.
    public mutating func setRequestData(_ data: [UInt8]) { self.data = data }

    /// The command specific result.
    public func readReply(_ reply: AdminReply) throws(DecodingError) -> UInt32 { reply.result }

    /// The command specific result.
    public func writeReply(_ reply: UInt32) -> AdminReply { AdminReply(result: reply) }
}
