/// Read NVMe-MI Data Structure (opcode 00h): what the subsystem, its ports and its controllers are.
public struct ReadDataStructure: ManagementCommand, Equatable {
    /// The bytes of the structure.
    public typealias Reply = [UInt8]

    /// Which structure to read.
    public var type = DataStructureType.subsystemInformation
    /// The port that Port Information is about.
    public var port: UInt8 = 0
    /// The controller that Controller Information is about, or the lowest one that the Controller List shall name.
    public var controller: UInt16 = 0
    /// The I/O command set that the lists of commands are about.
    public var ioCommandSet: UInt8 = 0

    /// Reads the subsystem information.
    public init() {}

    /// Reads a structure.
    public init(
        _ type: DataStructureType,
        port: UInt8 = 0,
        controller: UInt16 = 0,
        ioCommandSet: UInt8 = 0
    ) {
        self.type = type
        self.port = port
        self.controller = controller
        self.ioCommandSet = ioCommandSet
    }

    /// What is known of the command besides its bytes.
    public static let declaration = CommandDeclaration(
        "Read NVMe-MI Data Structure",
        category: .managementInterface,
        opcode: 0x00,
        .mandatory,
        deadline: .read,
        isRepeatable: true,
        requestFields: request.table
    )

    /// The fields of the request.
    public static let request = Layout<Self>(
        "Read NVMe-MI Data Structure request",
        size: ManagementMessage.requestSize
    ) {
        Field("controller identifier", at: 8, \.controller)
        Field("port identifier", at: 10, \.port)
        Field("data structure type", at: 11, \.type)
        Field("I/O command set identifier", at: 12, \.ioCommandSet)
    }

    /// The bytes of the structure.
    ///
    /// The response tells their number; up to three more are padding, and another number is an error. A device that says
    /// 0 but sends bytes left the number out. No structure is empty: a response without any bytes is not of this command,
    /// whatever it says.
    public func readReply(_ reply: ManagementReply) throws(DecodingError) -> [UInt8] {
        let length = Int(reply.response & 0xFFFF)
        if length != 0, !(length...length + 3).contains(reply.data.count) {
            throw malformed(
                "data",
                expected: "\(byteCount(length)) as the response length says",
                got: byteCount(reply.data.count)
            )
        }
        guard !reply.data.isEmpty else {
            throw malformed("data", expected: "the bytes of a structure", got: byteCount(0))
        }
        return length == 0 ? reply.data : Array(reply.data.prefix(length))
    }

    /// The bytes of the structure and their number.
    public func writeReply(_ reply: [UInt8]) -> ManagementReply {
        ManagementReply(response: UInt32(UInt16(clamping: reply.count)), data: reply)
    }
}

extension ReadDataStructure {
    /// Reads what the subsystem is.
    public static var subsystemInformation: Query<Self, SubsystemInformation> {
        Query(Self(.subsystemInformation))
    }

    /// Reads what a port is.
    public static func portInformation(_ port: UInt8) -> Query<Self, PortInformation> {
        Query(Self(.portInformation, port: port))
    }

    /// Reads which controllers the subsystem has, beginning with the lowest identifier of interest.
    public static func controllerList(
        from controller: UInt16 = 0
    ) -> Query<Self, ControllerList> {
        Query(Self(.controllerList, controller: controller))
    }

    /// Reads where a controller is.
    public static func controllerInformation(
        _ controller: UInt16
    ) -> Query<Self, ControllerInformation> {
        Query(Self(.controllerInformation, controller: controller))
    }

    /// Reads which optional commands the endpoint supports.
    public static func optionalCommands(
        ioCommandSet: UInt8 = 0
    ) -> Query<Self, CommandList> {
        Query(Self(.optionalCommands, ioCommandSet: ioCommandSet))
    }

    /// Reads which commands may use the Management Endpoint Buffer.
    public static func managementEndpointBufferCommands(
        ioCommandSet: UInt8 = 0
    ) -> Query<Self, CommandList> {
        Query(Self(.managementEndpointBufferCommands, ioCommandSet: ioCommandSet))
    }
}
