/// Configuration Get (opcode 04h) of any identifier; its nested types are those that the standard defines.
public struct ConfigurationGet: ManagementCommand, Equatable {
    /// Everything that a successful response carries.
    public typealias Reply = ManagementReply

    /// What to get.
    public var identifier = ConfigurationIdentifier(rawValue: 0)
    /// Bits 23:8 of NVMe Management Dword 0, whose meaning depends on the identifier.
    public var specific: UInt16 = 0
    /// The port, for identifiers that belong to one.
    public var port: UInt8 = 0
    /// NVMe Management Dword 1.
    public var dword1: UInt32 = 0

    /// Gets identifier 0, which no device has.
    public init() {}

    /// Gets an identifier.
    public init(
        _ identifier: ConfigurationIdentifier,
        specific: UInt16 = 0,
        port: UInt8 = 0,
        dword1: UInt32 = 0
    ) {
        self.identifier = identifier
        self.specific = specific
        self.port = port
        self.dword1 = dword1
    }

    /// What is known of the command besides its bytes.
    public static let declaration = declare(request.table)

    /// The fields of the request.
    public static let request = Layout<Self>("Configuration Get request", size: 16) {
        Field("configuration identifier", at: 8, \.identifier)
        Field("configuration specific", at: 9, \.specific)
        Field("port identifier", at: 11, \.port)
        Field("NVMe Management Dword 1", at: 12, \.dword1)
    }

    static func declare(
        _ fields: @autoclosure @escaping @Sendable () -> [FieldDescription]
    ) -> CommandDeclaration {
        CommandDeclaration(
            "Configuration Get",
            category: .managementInterface,
            opcode: 0x04,
            .mandatory,
            deadline: .read,
            isRepeatable: true,
            requestFields: fields()
        )
    }
}

extension ConfigurationGet {
    /// The frequency of an SMBus or I2C port.
    public struct SMBusFrequency: ManagementCommand, Equatable {
        /// The frequency.
        public typealias Reply = NVMeMI.SMBusFrequency

        /// The port.
        public var port: UInt8 = 0

        /// Asks port 0.
        public init() {}

        /// Asks a port.
        public init(port: UInt8) { self.port = port }

        /// What is known of the command besides its bytes.
        public static let declaration = ConfigurationGet.declare(request.table)

        /// The fields of the request.
        public static let request = Layout<Self>("Configuration Get request", size: 16) {
            Field(configuration: .smbusFrequency)
            Field("port identifier", at: 11, \.port)
        }

        /// The frequency.
        public func readReply(_ reply: ManagementReply) -> NVMeMI.SMBusFrequency {
            NVMeMI.SMBusFrequency(rawValue: UInt8(truncatingIfNeeded: reply.response & 0xF))
        }

        /// The code of the frequency.
        public func writeReply(_ reply: NVMeMI.SMBusFrequency) -> ManagementReply {
            ManagementReply(response: UInt32(reply.rawValue & 0xF))
        }
    }

    /// Whether health status change can be configured; there is nothing to get.
    public struct HealthStatusChange: ManagementCommand, Equatable {
        /// Nothing.
        public typealias Reply = Void

        /// The only form.
        public init() {}

        /// What is known of the command besides its bytes.
        public static let declaration = ConfigurationGet.declare(request.table)

        /// The fields of the request.
        public static let request = Layout<Self>("Configuration Get request", size: 16) {
            Field(configuration: .healthStatusChange)
        }
    }

    /// The MCTP transmission unit of a port.
    public struct TransmissionUnitSize: ManagementCommand, Equatable {
        /// Bytes of payload, without the MCTP header.
        public typealias Reply = UInt16

        /// The port.
        public var port: UInt8 = 0

        /// Asks port 0.
        public init() {}

        /// Asks a port.
        public init(port: UInt8) { self.port = port }

        /// What is known of the command besides its bytes.
        public static let declaration = ConfigurationGet.declare(request.table)

        /// The fields of the request.
        public static let request = Layout<Self>("Configuration Get request", size: 16) {
            Field(configuration: .transmissionUnitSize)
            Field("port identifier", at: 11, \.port)
        }

        /// Bytes of payload, without the MCTP header.
        public func readReply(_ reply: ManagementReply) -> UInt16 {
            UInt16(truncatingIfNeeded: reply.response)
        }

        /// The number of bytes.
        public func writeReply(_ reply: UInt16) -> ManagementReply {
            ManagementReply(response: UInt32(reply))
        }
    }
}

extension Field {
    /// The identifier that makes a Configuration Get or Set the one that it is.
    @inline(__always)
    init(configuration identifier: ConfigurationIdentifier) {
        self.init(
            constant: "configuration identifier",
            at: 8,
            bits: 0...7,
            identifier.rawValue
        )
    }
}
