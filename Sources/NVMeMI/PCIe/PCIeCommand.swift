/// A PCIe command (NMIMT 4): reads or writes configuration, memory or I/O space of a controller's function.
///
/// Request: header, opcode @4, controller @6, dwords @8, @12 and @16, data @20. Response: status @4, data @8. Data is
/// filled with zeroes to whole dwords.
public struct PCIeCommand: DeclaredRequest, Equatable {
    /// What is read, filled to whole dwords; empty for commands that write.
    public typealias Reply = [UInt8]

    /// The opcode.
    public var opcode = PCIeOpcode.configurationRead
    /// The controller.
    public var controller: UInt16 = 0
    /// Number of bytes to read or write.
    public var length: UInt16 = 0
    /// The base address register, for memory and I/O space.
    public var baseAddressRegister: UInt8 = 0
    /// First byte.
    public var offset: UInt64 = 0
    /// What to write, filled to whole dwords; empty for commands that read.
    public var data: [UInt8] = []

    /// Reads no byte of configuration space.
    public init() {}

    /// Reads bytes.
    public init(
        _ opcode: PCIeOpcode,
        controller: UInt16,
        baseAddressRegister: UInt8 = 0,
        offset: UInt64,
        length: UInt16
    ) {
        self.opcode = opcode
        self.controller = controller
        self.baseAddressRegister = baseAddressRegister
        self.offset = offset
        self.length = length
    }

    /// Writes bytes.
    public init(
        _ opcode: PCIeOpcode,
        controller: UInt16,
        baseAddressRegister: UInt8 = 0,
        offset: UInt64,
        data: [UInt8]
    ) {
        self.init(
            opcode,
            controller: controller,
            baseAddressRegister: baseAddressRegister,
            offset: offset,
            length: UInt16(clamping: data.count)
        )
        self.data = data + Array(repeating: 0, count: (4 - data.count % 4) % 4)
    }

    /// Stands for no particular opcode.
    public static let declaration = CommandDeclaration(
        "PCIe Command",
        category: .pcie,
        opcode: 0,
        deadline: .read,
        isRepeatable: false,
        requestFields: request.table
    )

    /// What is known of the opcode; never repeatable, for reading a register may change it.
    public var declaration: CommandDeclaration {
        .generic(opcode.rawValue, like: Self.declaration)
    }

    /// The fields of the request.
    public static let request = Layout<Self>("PCIe Command request", size: 20) {
        Field("opcode", at: 4, \.opcode)
        Field("controller identifier", at: 6, \.controller)
        Field("length", at: 8, \.length)
        Field("base address register", at: 8, bits: 16...18, \.baseAddressRegister)
        Field("offset", at: 12, \.offset)
    }

    /// The opcode.
    public var opcodeByte: UInt8 { opcode.rawValue }

    /// True for all.
    public static func accepts(opcode: UInt8) -> Bool { true }

    /// The data.
    public var requestData: [UInt8] { data }

    /// Takes as much as the length says, filled to whole dwords; nothing for commands that read.
    public mutating func setRequestData(_ data: [UInt8]) throws(RequestError) {
        try checkData(data, length: opcode.isWrite ? UInt32(paddedLength) : 0)
        self.data = data
    }

    /// Finds offsets beyond the space and more data than a message can carry.
    public func validate() throws(ArgumentError) {
        try validateFields()
        if let limit = opcode.offsetLimit, offset > limit {
            throw ArgumentError(
                command: declaration.name,
                field: "offset",
                expected: "at most \(limit)",
                got: "\(offset)"
            )
        }
        if length > 4096 {
            throw ArgumentError(
                command: declaration.name,
                field: "length",
                expected: "at most 4096",
                got: "\(length)"
            )
        }
        if data.count != (opcode.isWrite ? paddedLength : 0) {
            throw ArgumentError(
                command: declaration.name,
                field: "data",
                expected: byteCount(opcode.isWrite ? paddedLength : 0),
                got: "\(data.count)"
            )
        }
    }

    private var paddedLength: Int { (Int(length) + 3) / 4 * 4 }

    /// The bytes that were read, as many as were asked for; fewer are an error.
    public func decode(_ response: Response) throws -> [UInt8] {
        try response.requireSuccess(of: declaration)
        let wanted = opcode.isWrite ? 0 : Int(length)
        let data = response.body
        if data.count < wanted {
            throw DecodingError(
                subject: "\(declaration.name) response",
                field: "data",
                offset: Response.headerSize,
                expected: byteCount(wanted),
                got: byteCount(data.count)
            )
        }
        return Array(data.prefix(wanted))
    }

    /// A successful response, filled to whole dwords.
    public func encodeReply(_ reply: [UInt8], slot: CommandSlot) -> [UInt8] {
        Response.encode(
            category: .pcie,
            slot: slot,
            body: reply + Array(repeating: 0, count: (4 - reply.count % 4) % 4)
        )
    }
}

/// The opcode of a PCIe command.
public struct PCIeOpcode: WireEnumeration {
    /// The code.
    public let rawValue: UInt8

    /// The opcode with a code.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Reads configuration space.
    public static let configurationRead = Self(rawValue: 0)
    /// Writes configuration space.
    public static let configurationWrite = Self(rawValue: 1)
    /// Reads memory space.
    public static let memoryRead = Self(rawValue: 2)
    /// Writes memory space.
    public static let memoryWrite = Self(rawValue: 3)
    /// Reads I/O space.
    public static let ioRead = Self(rawValue: 4)
    /// Writes I/O space.
    public static let ioWrite = Self(rawValue: 5)

    /// Names in words.
    public static let names: KeyValuePairs<UInt8, String> = [
        0: "PCIe Configuration Read",
        1: "PCIe Configuration Write",
        2: "PCIe Memory Read",
        3: "PCIe Memory Write",
        4: "PCIe I/O Read",
        5: "PCIe I/O Write",
    ]

    /// True for commands that write.
    public var isWrite: Bool { rawValue & 1 == 1 }

    /// The greatest offset that the command can carry, nil when that is all of 64 bits or not known.
    var offsetLimit: UInt64? {
        switch self {
        case .configurationRead, .configurationWrite: 0xFFF
        case .ioRead, .ioWrite: 0xFFFF_FFFF
        default: nil
        }
    }
}

extension CommandDeclaration {
    /// All PCIe commands that have a name.
    static let pcieCommands: [CommandDeclaration] = PCIeOpcode.names.sorted { $0.key < $1.key }
        .map { opcode, name in
            CommandDeclaration(
                name,
                category: .pcie,
                opcode: opcode,
                deadline: .read,
                isRepeatable: false,
                requestFields: PCIeCommand.request.table
            )
        }
}
