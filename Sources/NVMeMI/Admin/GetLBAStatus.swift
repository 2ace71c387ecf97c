/// Get LBA Status (Admin opcode 86h): which logical blocks may be unreadable, or are allocated.
public struct GetLBAStatus: AdminRequest, Equatable {
    /// The bytes, which `status` decodes.
    public typealias Reply = [UInt8]

    /// The controller that carries out the command.
    public var controller: UInt16 = 0
    /// The namespace.
    public var namespace: UInt32 = 0
    /// The first logical block.
    public var startingBlock: UInt64 = 0
    /// How many logical blocks; 0 for all up to the end.
    public var rangeLength: UInt16 = 0
    /// How the status is found out.
    public var action: UInt8 = 0x11
    /// Dwords to return, less one.
    public var dwordsLessOne: UInt32 = 0
    /// Bytes to return; a multiple of 4, from 4 to 4096.
    public var dataLength: UInt32 = 4

    /// What is tracked of namespace 0.
    public init() {}

    /// The status of the blocks of a range.
    public init(
        _ namespace: UInt32,
        on controller: UInt16,
        from startingBlock: UInt64,
        count: UInt16 = 0,
        action: UInt8 = 0x11,
        length: UInt32 = AdminMessage.maximumDataLength
    ) {
        self.namespace = namespace
        self.controller = controller
        self.startingBlock = startingBlock
        rangeLength = count
        self.action = action
        dataLength = length
        dwordsLessOne = length / 4 == 0 ? 0 : length / 4 - 1
    }

    /// What is known of the command besides its bytes.
    public static let declaration = CommandDeclaration(
        admin: .getLBAStatus,
        deadline: .long,
        isRepeatable: true,
        requestFields: request.table
    )

    /// The fields of the request.
    public static let request = Layout<Self>(admin: "Get LBA Status") {
        Field("namespace identifier", at: dword(1), \.namespace)
        Field("starting LBA", at: dword(10), \.startingBlock)
        Field("maximum number of dwords", at: dword(12), \.dwordsLessOne)
        Field("range length", at: dword(13), bits: 0...15, \.rangeLength)
        Field("action type", at: dword(13), bits: 24...31, \.action)
    }

    /// The bytes.
    public func readReply(_ reply: AdminReply) throws(DecodingError) -> [UInt8] { reply.data }

    /// The bytes, as many as were asked for at most.
    public func writeReply(_ reply: [UInt8]) -> AdminReply {
        AdminReply(data: Array(reply.prefix(Int(clamping: dataLength))))
    }

    /// What is in the reply.
    public static var status: DataDescription {
        let descriptor = Record("LBA Status Descriptor", size: 16) {
            Item("StartingLBA", at: 0, 8)
            Item("NumberOfLogicalBlocks", at: 8, 4)
            Item(
                "Status",
                at: 13,
                bits: 0...2,
                codes: [
                    0: "MayBeUnreadable", 1: "Unreadable", 2: "Allocated",
                    3: "WrittenUncorrectable",
                ]
            )
        }
        return DataDescription(
            Record("LBA Status Descriptor List", size: 8) {
                Item(
                    "Completion",
                    at: 4,
                    bits: 0...2,
                    codes: [0: "NotIndicated", 1: "Incomplete", 2: "Complete"]
                )
                Item("Descriptors", at: 8, rows: descriptor, .told(at: 0, 4))
            }
        )
    }
}
