/// VPD Read (opcode 05h): bytes of the Vital Product Data, an IPMI FRU image.
public struct VPDRead: ManagementCommand, Equatable {
    /// The bytes, exactly as many as were asked for.
    public typealias Reply = [UInt8]

    /// First byte.
    public var offset: UInt16 = 0
    /// Number of bytes.
    public var length: UInt16 = 0

    /// Reads nothing.
    public init() {}

    /// Reads bytes.
    public init(offset: UInt16, length: UInt16) {
        self.offset = offset
        self.length = length
    }

    /// What is known of the command besides its bytes.
    public static let declaration = CommandDeclaration(
        "VPD Read",
        category: .managementInterface,
        opcode: 0x05,
        .mandatory,
        deadline: .read,
        isRepeatable: true,
        requestFields: request.table
    )

    /// The fields of the request.
    public static let request = Layout<Self>("VPD Read request", size: 16) {
        Field("data offset", at: 8, \.offset)
        Field("data length", at: 12, \.length)
    }

    /// Finds more bytes than a response can carry.
    public func validate() throws(ArgumentError) { try validateTransfer(length: UInt32(length)) }

    /// The bytes; fewer than asked for are an error, what lies behind them is ignored.
    public func readReply(_ reply: ManagementReply) throws(DecodingError) -> [UInt8] {
        try takeData(of: reply, count: Int(length))
    }

    /// The bytes.
    public func writeReply(_ reply: [UInt8]) -> ManagementReply { ManagementReply(data: reply) }
}

/// VPD Write (opcode 06h): changes bytes of the Vital Product Data, which wears out after some writes.
public struct VPDWrite: ManagementCommand, Equatable {
    /// Nothing.
    public typealias Reply = Void

    /// First byte.
    public var offset: UInt16 = 0
    /// The bytes.
    public var data: [UInt8] = [] {
        didSet { length = UInt16(clamping: data.count) }
    }
    /// Number of bytes; follows the bytes.
    public private(set) var length: UInt16 = 0

    /// Writes nothing.
    public init() {}

    /// Writes bytes.
    public init(offset: UInt16, data: [UInt8]) {
        self.offset = offset
        self.data = data
        length = UInt16(clamping: data.count)
    }

    /// What is known of the command besides its bytes; not repeatable, for writes are counted.
    public static let declaration = CommandDeclaration(
        "VPD Write",
        category: .managementInterface,
        opcode: 0x06,
        .optional,
        deadline: .configuration,
        isRepeatable: false,
        requestFields: request.table
    )

    /// The fields of the request.
    public static let request = Layout<Self>("VPD Write request", size: 16) {
        Field("data offset", at: 8, \.offset)
        Field("data length", at: 12, \.length)
    }

    /// The data.
    public var requestData: [UInt8] { data }

    /// Takes as many bytes as the request says.
    public mutating func setRequestData(_ data: [UInt8]) throws(RequestError) {
        try checkData(data, length: UInt32(length))
        self.data = data
    }
}
