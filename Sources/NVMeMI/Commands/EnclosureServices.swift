/// SES Receive (opcode 08h): a page of enclosure services; enclosures have it, storage devices do not.
public struct SESReceive: ManagementCommand, Equatable {
    /// The page, as much of it as was asked for and is there.
    public typealias Reply = [UInt8]

    /// The page.
    public var page: UInt8 = 0
    /// Bytes that the response may have.
    public var allocationLength: UInt16 = 0

    /// Receives nothing.
    public init() {}

    /// Receives a page.
    public init(page: UInt8, length: UInt16) {
        self.page = page
        allocationLength = length
    }

    /// What is known of the command besides its bytes.
    public static let declaration = CommandDeclaration(
        "SES Receive",
        category: .managementInterface,
        opcode: 0x08,
        .prohibited,
        deadline: .read,
        isRepeatable: true,
        requestFields: request.table
    )

    /// The fields of the request.
    public static let request = Layout<Self>("SES Receive request", size: 16) {
        Field("page code", at: 8, \.page)
        Field("allocation length", at: 12, \.allocationLength)
    }

    /// Finds more bytes than a response can carry.
    public func validate() throws(ArgumentError) {
        try validateTransfer(length: UInt32(allocationLength))
    }

    /// As many bytes as the response says; fewer are an error, what lies behind them is ignored.
    public func readReply(_ reply: ManagementReply) throws(DecodingError) -> [UInt8] {
        try takeData(of: reply, count: Int(reply.response & 0xFFFF))
    }

    /// The page, as much of it as was asked for.
    public func writeReply(_ reply: [UInt8]) -> ManagementReply {
        let data = Array(reply.prefix(Int(allocationLength)))
        return ManagementReply(response: UInt32(clamping: data.count), data: data)
    }
}

/// SES Send (opcode 09h): sends a page to enclosure services; enclosures have it, storage devices do not.
public struct SESSend: ManagementCommand, Equatable {
    /// Nothing.
    public typealias Reply = Void

    /// The page.
    public var data: [UInt8] = [] {
        didSet { length = UInt16(clamping: data.count) }
    }
    /// Number of bytes; follows the page.
    public private(set) var length: UInt16 = 0

    /// Sends nothing.
    public init() {}

    /// Sends a page.
    public init(_ data: [UInt8]) {
        self.data = data
        length = UInt16(clamping: data.count)
    }

    /// What is known of the command besides its bytes.
    public static let declaration = CommandDeclaration(
        "SES Send",
        category: .managementInterface,
        opcode: 0x09,
        .prohibited,
        deadline: .configuration,
        isRepeatable: false,
        requestFields: request.table
    )

    /// The fields of the request.
    public static let request = Layout<Self>("SES Send request", size: 16) {
        Field("data length", at: 12, \.length)
    }

    /// The page.
    public var requestData: [UInt8] { data }

    /// Takes as many bytes as the request says.
    public mutating func setRequestData(_ data: [UInt8]) throws(RequestError) {
        try checkData(data, length: UInt32(length))
        self.data = data
    }
}
