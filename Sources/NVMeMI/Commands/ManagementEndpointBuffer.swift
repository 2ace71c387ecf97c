/// Management Endpoint Buffer Read (opcode 0Ah): bytes of the buffer for data that no message can carry.
public struct ManagementEndpointBufferRead: ManagementCommand, Equatable {
    /// The bytes, exactly as many as were asked for.
    public typealias Reply = [UInt8]

    /// First byte.
    public var offset: UInt32 = 0
    /// Number of bytes.
    public var length: UInt32 = 0

    /// Reads nothing.
    public init() {}

    /// Reads bytes.
    public init(offset: UInt32, length: UInt32) {
        self.offset = offset
        self.length = length
    }

    /// What is known of the command besides its bytes.
    public static let declaration = CommandDeclaration(
        "Management Endpoint Buffer Read",
        category: .managementInterface,
        opcode: 0x0A,
        .optional,
        deadline: .read,
        isRepeatable: true,
        requestFields: request.table
    )

    /// The fields of the request.
    public static let request = Layout<Self>("Management Endpoint Buffer Read request", size: 16) {
        Field("data offset", at: 8, \.offset)
        Field("data length", at: 12, \.length)
    }

    /// Finds more bytes than a response can carry.
    public func validate() throws(ArgumentError) { try validateTransfer(length: length) }

    /// The bytes; fewer than asked for are an error, what lies behind them is ignored.
    public func readReply(_ reply: ManagementReply) throws(DecodingError) -> [UInt8] {
        try takeData(of: reply, count: Int(clamping: length))
    }

    /// The bytes.
    public func writeReply(_ reply: [UInt8]) -> ManagementReply { ManagementReply(data: reply) }
}

/// Management Endpoint Buffer Write (opcode 0Bh): changes bytes of the buffer.
public struct ManagementEndpointBufferWrite: ManagementCommand, Equatable {
    /// Nothing.
    public typealias Reply = Void

    /// First byte.
    public var offset: UInt32 = 0
    /// The bytes.
    public var data: [UInt8] = [] {
        didSet { length = UInt32(clamping: data.count) }
    }
    /// Number of bytes; follows the bytes.
    public private(set) var length: UInt32 = 0

    /// Writes nothing.
    public init() {}

    /// Writes bytes.
    public init(offset: UInt32, data: [UInt8]) {
        self.offset = offset
        self.data = data
        length = UInt32(clamping: data.count)
    }

    /// What is known of the command besides its bytes.
    public static let declaration = CommandDeclaration(
        "Management Endpoint Buffer Write",
        category: .managementInterface,
        opcode: 0x0B,
        .optional,
        deadline: .configuration,
        isRepeatable: true,
        requestFields: request.table
    )

    /// The fields of the request.
    public static let request = Layout<Self>("Management Endpoint Buffer Write request", size: 16) {
        Field("data offset", at: 8, \.offset)
        Field("data length", at: 12, \.length)
    }

    /// The data.
    public var requestData: [UInt8] { data }

    /// Takes as many bytes as the request says.
    public mutating func setRequestData(_ data: [UInt8]) throws(RequestError) {
        try checkData(data, length: length)
        self.data = data
    }
}
