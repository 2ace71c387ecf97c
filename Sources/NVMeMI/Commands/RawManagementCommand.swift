/// Any command of the Management Interface by opcode and dwords, for commands without a type of their own.
public struct RawManagementCommand: ManagementCommand, Equatable {
    /// Everything that a successful response carries.
    public typealias Reply = ManagementReply

    /// The opcode.
    public var opcode: UInt8 = 0
    /// NVMe Management Dword 0.
    public var dword0: UInt32 = 0
    /// NVMe Management Dword 1.
    public var dword1: UInt32 = 0
    /// Request data.
    public var data: [UInt8] = []

    /// A command with opcode 0.
    public init() {}

    /// A command by its numbers.
    public init(opcode: UInt8, dword0: UInt32 = 0, dword1: UInt32 = 0, data: [UInt8] = []) {
        self.opcode = opcode
        self.dword0 = dword0
        self.dword1 = dword1
        self.data = data
    }

    /// The fields that every command of the Management Interface has.
    public static let request = Layout<Self>(
        "Management Interface command",
        size: ManagementMessage.requestSize
    ) {
        Field("opcode", at: 4, \.opcode)
        Field("NVMe Management Dword 0", at: 8, \.dword0)
        Field("NVMe Management Dword 1", at: 12, \.dword1)
    }

    /// Stands for no particular opcode.
    public static let declaration = CommandDeclaration(
        "Management Interface command",
        category: .managementInterface,
        opcode: 0,
        deadline: .long,
        isRepeatable: false,
        requestFields: request.table
    )

    /// What is known of the opcode; never repeatable, for the numbers may mean anything.
    public var declaration: CommandDeclaration {
        .generic(opcode, like: Self.declaration)
    }

    /// The opcode.
    public var opcodeByte: UInt8 { opcode }

    /// True for all.
    public static func accepts(opcode: UInt8) -> Bool { true }

    /// The data.
    public var requestData: [UInt8] { data }

    /// Takes any.
    public mutating func setRequestData(_ data: [UInt8]) { self.data = data }
}
