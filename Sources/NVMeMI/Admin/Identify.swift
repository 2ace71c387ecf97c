/// Identify (Admin opcode 06h): what a controller, a namespace or another thing is; 4096 bytes or a slice of them.
public struct Identify: AdminRequest, Equatable {
    /// The bytes, exactly as many as were asked for.
    public typealias Reply = [UInt8]

    /// Size in bytes of everything that can be identified.
    public static let dataSize: UInt32 = 4096

    /// What to identify.
    public var structure = IdentifyStructure.namespace
    /// The controller that carries out the command.
    public var controller: UInt16 = 0
    /// The namespace, for structures that are about one.
    public var namespace: UInt32 = 0
    /// The controller that some structures are about or begin with (CNTID).
    public var subject: UInt16 = 0
    /// Another identifier that some structures are about: NVM set, domain, endurance group or format (CNSSID).
    public var specificIdentifier: UInt16 = 0
    /// The I/O command set, for structures that differ between them.
    public var ioCommandSet: UInt8 = 0
    /// Index into the list of UUIDs, for vendor specific structures.
    public var uuidIndex: UInt8 = 0
    /// First byte to return; a multiple of 4.
    public var dataOffset: UInt32 = 0
    /// Bytes to return; a multiple of 4.
    public var dataLength: UInt32 = dataSize

    /// Identifies namespace 0.
    public init() {}

    /// Identifies a thing, wholly or a slice.
    public init(
        _ structure: IdentifyStructure,
        on controller: UInt16,
        namespace: UInt32 = 0,
        subject: UInt16 = 0,
        specificIdentifier: UInt16 = 0,
        ioCommandSet: UInt8 = 0,
        uuidIndex: UInt8 = 0,
        offset: UInt32 = 0,
        length: UInt32 = dataSize
    ) {
        self.structure = structure
        self.controller = controller
        self.namespace = namespace
        self.subject = subject
        self.specificIdentifier = specificIdentifier
        self.ioCommandSet = ioCommandSet
        self.uuidIndex = uuidIndex
        dataOffset = offset
        dataLength = length
    }

    /// What is known of the command besides its bytes.
    public static let declaration = CommandDeclaration(
        admin: .identify,
        .mandatory,
        deadline: .read,
        isRepeatable: true,
        requestFields: request.table
    )

    /// The fields of the request.
    public static let request = Layout<Self>(admin: "Identify") {
        Field("namespace identifier", at: dword(1), \.namespace)
        Field("structure (CNS)", at: dword(10), bits: 0...7, \.structure)
        Field("controller identifier (CNTID)", at: dword(10), bits: 16...31, \.subject)
        Field("specific identifier", at: dword(11), bits: 0...15, \.specificIdentifier)
        Field("I/O command set", at: dword(11), bits: 24...31, \.ioCommandSet)
        Field("UUID index", at: dword(14), bits: 0...6, \.uuidIndex)
    }

    /// Finds a slice that is empty or reaches beyond the structure.
    public func validate() throws(ArgumentError) {
        try validateAdmin()
        if dataLength == 0 || dataOffset > Self.dataSize || dataLength > Self.dataSize - dataOffset
        {
            throw ArgumentError(
                command: declaration.name,
                field: "data length",
                expected: "a slice of the \(Self.dataSize) bytes",
                got: "\(byteCount(Int(clamping: dataLength))) from byte \(dataOffset)"
            )
        }
    }

    /// The bytes; fewer than asked for are an error.
    public func readReply(_ reply: AdminReply) throws(DecodingError) -> [UInt8] {
        if reply.data.count < Int(clamping: dataLength) {
            throw DecodingError(
                subject: "\(declaration.name) response",
                field: "data",
                offset: AdminReply.headerSize,
                expected: byteCount(Int(clamping: dataLength)),
                got: byteCount(reply.data.count)
            )
        }
        return reply.data
    }

    /// The slice that was asked for of a whole structure; a structure shorter than 4096 bytes is filled with zeroes.
    public func writeReply(_ reply: [UInt8]) -> AdminReply {
        let whole = reply + Array(repeating: 0, count: max(0, Int(Self.dataSize) - reply.count))
        return AdminReply(
            data: Array(
                whole.dropFirst(Int(clamping: dataOffset)).prefix(Int(clamping: dataLength))
            )
        )
    }
}

extension Identify {
    /// Reads what a controller is.
    public static func controller(_ controller: UInt16) -> Query<Self, IdentifyController> {
        Query(Self(.controller, on: controller))
    }

    /// Reads what a namespace is, as a controller to which it is attached sees it.
    public static func namespace(
        _ namespace: UInt32,
        on controller: UInt16
    ) -> Query<Self, IdentifyNamespace> {
        Query(Self(.namespace, on: controller, namespace: namespace))
    }

    /// Reads what a namespace is whether or not it is attached to a controller.
    public static func allocatedNamespace(
        _ namespace: UInt32,
        on controller: UInt16
    ) -> Query<Self, IdentifyNamespace> {
        Query(Self(.allocatedNamespace, on: controller, namespace: namespace))
    }

    /// Reads by which identifiers a namespace is known.
    public static func namespaceDescriptors(
        _ namespace: UInt32,
        on controller: UInt16
    ) -> Query<Self, NamespaceDescriptors> {
        Query(Self(.namespaceDescriptors, on: controller, namespace: namespace))
    }

    /// Reads which namespaces are attached to a controller, of those behind a number.
    public static func activeNamespaces(
        on controller: UInt16,
        after namespace: UInt32 = 0
    ) -> Query<Self, NamespaceList> {
        Query(Self(.activeNamespaces, on: controller, namespace: namespace))
    }

    /// Reads which namespaces exist, of those behind a number.
    public static func allocatedNamespaces(
        on controller: UInt16,
        after namespace: UInt32 = 0
    ) -> Query<Self, NamespaceList> {
        Query(Self(.allocatedNamespaces, on: controller, namespace: namespace))
    }

    /// Reads which controllers a namespace is attached to, from one on.
    public static func attachedControllers(
        of namespace: UInt32,
        on controller: UInt16,
        from first: UInt16 = 0
    ) -> Query<Self, ControllerList> {
        Query(Self(.attachedControllers, on: controller, namespace: namespace, subject: first))
    }

    /// Reads which controllers the subsystem has, from one on.
    public static func controllers(
        on controller: UInt16,
        from first: UInt16 = 0
    ) -> Query<Self, ControllerList> {
        Query(Self(.controllers, on: controller, subject: first))
    }
}
