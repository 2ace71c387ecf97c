/// Security Send (Admin opcode 81h): sends data of a security protocol.
public struct SecuritySend: AdminRequest, Equatable {
    /// Nothing.
    public typealias Reply = Void

    /// The controller that carries out the command.
    public var controller: UInt16 = 0
    /// The namespace, for protocols that are about one.
    public var namespace: UInt32 = 0
    /// The protocol.
    public var securityProtocol: UInt8 = 0
    /// What the protocol defines (SPSP).
    public var specific: UInt16 = 0
    /// What the protocol defines for NVMe (NSSF).
    public var nvmeSpecific: UInt8 = 0
    /// The data, filled to whole dwords; at most 4096 bytes.
    public var data: [UInt8] = [] {
        didSet { length = UInt32(clamping: data.count) }
    }
    /// Bytes that are the protocol's; follows the data.
    public private(set) var length: UInt32 = 0

    /// Sends nothing.
    public init() {}

    /// Sends data of any length up to 4096 bytes, which a message carries in whole dwords.
    public init(
        _ securityProtocol: UInt8,
        specific: UInt16,
        data: [UInt8],
        on controller: UInt16,
        namespace: UInt32 = 0
    ) {
        self.securityProtocol = securityProtocol
        self.specific = specific
        self.data = data + Array(repeating: 0, count: (4 - data.count % 4) % 4)
        self.controller = controller
        self.namespace = namespace
        length = UInt32(clamping: data.count)
    }

    /// What is known of the command besides its bytes.
    public static let declaration = CommandDeclaration(
        admin: .securitySend,
        deadline: .long,
        requestFields: request.table
    )

    /// The fields of the request.
    public static let request = Layout<Self>(admin: "Security Send") {
        Field("namespace identifier", at: dword(1), \.namespace)
        Field("NVMe security specific field", at: dword(10), bits: 0...7, \.nvmeSpecific)
        Field("security protocol specific", at: dword(10), bits: 8...23, \.specific)
        Field("security protocol", at: dword(10), bits: 24...31, \.securityProtocol)
        Field("transfer length", at: dword(11), \.length)
    }

    /// The data.
    public var requestData: [UInt8] { data }

    /// Takes any; what fills the last dword is not the protocol's.
    public mutating func setRequestData(_ data: [UInt8]) {
        let length = length
        self.data = data
        if length <= self.length, self.length - length < 4 { self.length = length }
    }
}

/// Security Receive (Admin opcode 82h): receives data of a security protocol.
public struct SecurityReceive: AdminRequest, Equatable {
    /// The data; may be shorter than was asked for.
    public typealias Reply = [UInt8]

    /// The controller that carries out the command.
    public var controller: UInt16 = 0
    /// The namespace, for protocols that are about one.
    public var namespace: UInt32 = 0
    /// The protocol.
    public var securityProtocol: UInt8 = 0
    /// What the protocol defines (SPSP).
    public var specific: UInt16 = 0
    /// What the protocol defines for NVMe (NSSF).
    public var nvmeSpecific: UInt8 = 0
    /// Bytes that the command may return.
    public var allocationLength: UInt32 = 0
    /// Bytes that the response may have; a multiple of 4, at most 4096.
    public var dataLength: UInt32 = 0

    /// Receives nothing.
    public init() {}

    /// Receives data.
    public init(
        _ securityProtocol: UInt8,
        specific: UInt16,
        length: UInt32,
        on controller: UInt16,
        namespace: UInt32 = 0
    ) {
        self.securityProtocol = securityProtocol
        self.specific = specific
        self.controller = controller
        self.namespace = namespace
        allocationLength = length
        dataLength = length
    }

    /// What is known of the command besides its bytes; not repeatable, for protocols have state.
    public static let declaration = CommandDeclaration(
        admin: .securityReceive,
        deadline: .long,
        requestFields: request.table
    )

    /// The fields of the request.
    public static let request = Layout<Self>(admin: "Security Receive") {
        Field("namespace identifier", at: dword(1), \.namespace)
        Field("NVMe security specific field", at: dword(10), bits: 0...7, \.nvmeSpecific)
        Field("security protocol specific", at: dword(10), bits: 8...23, \.specific)
        Field("security protocol", at: dword(10), bits: 24...31, \.securityProtocol)
        Field("allocation length", at: dword(11), \.allocationLength)
    }

    /// The data.
    public func readReply(_ reply: AdminReply) throws(DecodingError) -> [UInt8] { reply.data }

    /// The data, as much as was asked for at most.
    public func writeReply(_ reply: [UInt8]) -> AdminReply {
        AdminReply(data: Array(reply.prefix(Int(clamping: dataLength))))
    }
}
