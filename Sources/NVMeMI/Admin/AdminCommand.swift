/// Any NVMe Admin command by opcode and dwords, for commands without a type of their own.
public struct AdminCommand: AdminRequest, Equatable {
    /// Everything that the response to a successful command carries.
    public typealias Reply = AdminReply

    /// The opcode.
    public var opcode = AdminOpcode(rawValue: 0)
    /// The controller that carries out the command.
    public var controller: UInt16 = 0
    /// Submission queue entry dword 1: the namespace.
    public var namespace: UInt32 = 0
    /// Submission queue entry dword 2.
    public var dword2: UInt32 = 0
    /// Submission queue entry dword 3.
    public var dword3: UInt32 = 0
    /// Submission queue entry dword 4.
    public var dword4: UInt32 = 0
    /// Submission queue entry dword 5.
    public var dword5: UInt32 = 0
    /// Submission queue entry dword 10.
    public var dword10: UInt32 = 0
    /// Submission queue entry dword 11.
    public var dword11: UInt32 = 0
    /// Submission queue entry dword 12.
    public var dword12: UInt32 = 0
    /// Submission queue entry dword 13.
    public var dword13: UInt32 = 0
    /// Submission queue entry dword 14.
    public var dword14: UInt32 = 0
    /// Submission queue entry dword 15.
    public var dword15: UInt32 = 0
    /// Offset in bytes into the data of the command from which the response has it.
    public var offset: UInt32 = 0
    /// Bytes that the response shall have; when `data` is not empty it is sent and counts instead.
    public var length: UInt32 = 0
    /// Data for the controller.
    public var data: [UInt8] = []
    /// True to have the command carried out also when the subsystem is shut down.
    public var ignoresShutdown = false

    /// A command with opcode 0.
    public init() {}

    /// A command that reads `length` bytes, or sends `data`, or does neither; set the dwords afterwards.
    public init(
        _ opcode: AdminOpcode,
        controller: UInt16,
        namespace: UInt32 = 0,
        offset: UInt32 = 0,
        length: UInt32 = 0,
        data: [UInt8] = []
    ) {
        self.opcode = opcode
        self.controller = controller
        self.namespace = namespace
        self.offset = offset
        self.length = length
        self.data = data
    }

    /// Stands for no particular opcode.
    public static let declaration = CommandDeclaration(
        "Admin Command",
        category: .admin,
        opcode: 0,
        deadline: .long,
        isRepeatable: false,
        requestFields: request.table
    )

    /// What is known of the opcode, with the fields that all Admin commands have; never repeatable, for the dwords may
    /// mean anything.
    public var declaration: CommandDeclaration {
        .generic(opcode.rawValue, like: Self.declaration)
    }

    /// The fields of the request.
    public static let request = Layout<Self>(admin: "Admin Command") {
        Field("opcode", at: 4, \.opcode)
        Field("namespace identifier", at: dword(1), \.namespace)
        Field("dword 2", at: dword(2), \.dword2)
        Field("dword 3", at: dword(3), \.dword3)
        Field("dword 4", at: dword(4), \.dword4)
        Field("dword 5", at: dword(5), \.dword5)
        Field("dword 10", at: dword(10), \.dword10)
        Field("dword 11", at: dword(11), \.dword11)
        Field("dword 12", at: dword(12), \.dword12)
        Field("dword 13", at: dword(13), \.dword13)
        Field("dword 14", at: dword(14), \.dword14)
        Field("dword 15", at: dword(15), \.dword15)
    }

    /// True for all.
    public static func accepts(opcode: UInt8) -> Bool { true }

    /// The opcode.
    public var opcodeByte: UInt8 { opcode.rawValue }

    /// The offset.
    public var dataOffset: UInt32 {
        get { offset }
        set { offset = newValue }
    }

    /// The length, or the number of bytes that are sent.
    public var dataLength: UInt32 {
        get { data.isEmpty ? length : UInt32(clamping: data.count) }
        set { length = newValue }
    }

    /// The data.
    public var requestData: [UInt8] { data }

    /// Takes any; its length is compared with the field after this.
    public mutating func setRequestData(_ data: [UInt8]) {
        self.data = data
        if !data.isEmpty { length = 0 }
    }

    /// Finds data in the wrong direction besides what all Admin commands look at.
    public func validate() throws(ArgumentError) {
        try validateAdmin()
        if opcode.direction == .both {
            throw ArgumentError(
                command: declaration.name,
                field: "opcode",
                expected: "a command with data in one direction at most",
                got: opcode.rawValue.hexadecimal()
            )
        }
        if !data.isEmpty, opcode.direction != .toController {
            throw ArgumentError(
                command: declaration.name,
                field: "data",
                expected: "none for a command that does not send any",
                got: byteCount(data.count)
            )
        }
        if length != 0, opcode.direction != .fromController {
            throw ArgumentError(
                command: declaration.name,
                field: "data length",
                expected: "0 for a command that does not return data",
                got: "\(length)"
            )
        }
    }
}
