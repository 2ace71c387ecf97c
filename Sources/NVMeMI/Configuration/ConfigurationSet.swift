/// Configuration Set (opcode 03h) of any identifier; its nested types are those that the standard defines.
public struct ConfigurationSet: ManagementCommand, Equatable {
    /// Everything that a successful response carries.
    public typealias Reply = ManagementReply

    /// What to set.
    public var identifier = ConfigurationIdentifier(rawValue: 0)
    /// Bits 23:8 of NVMe Management Dword 0, whose meaning depends on the identifier.
    public var specific: UInt16 = 0
    /// The port, for identifiers that belong to one.
    public var port: UInt8 = 0
    /// NVMe Management Dword 1.
    public var dword1: UInt32 = 0
    /// Request data.
    public var data: [UInt8] = []

    /// Sets identifier 0, which no device has.
    public init() {}

    /// Sets an identifier.
    public init(
        _ identifier: ConfigurationIdentifier,
        specific: UInt16 = 0,
        port: UInt8 = 0,
        dword1: UInt32 = 0,
        data: [UInt8] = []
    ) {
        self.identifier = identifier
        self.specific = specific
        self.port = port
        self.dword1 = dword1
        self.data = data
    }

    /// What is known of the command besides its bytes.
    public static let declaration = declare(request.table)

    /// The fields of the request.
    public static let request = Layout<Self>("Configuration Set request", size: 16) {
        Field("configuration identifier", at: 8, \.identifier)
        Field("configuration specific", at: 9, \.specific)
        Field("port identifier", at: 11, \.port)
        Field("NVMe Management Dword 1", at: 12, \.dword1)
    }

    /// The data.
    public var requestData: [UInt8] { data }

    /// Takes any.
    public mutating func setRequestData(_ data: [UInt8]) { self.data = data }

    static func declare(
        _ fields: @autoclosure @escaping @Sendable () -> [FieldDescription],
        isRepeatable: Bool = false
    ) -> CommandDeclaration {
        CommandDeclaration(
            "Configuration Set",
            category: .managementInterface,
            opcode: 0x03,
            .mandatory,
            deadline: .configuration,
            isRepeatable: isRepeatable,
            requestFields: fields()
        )
    }
}

extension ConfigurationSet {
    /// The frequency of an SMBus or I2C port; it changes after the response.
    public struct SMBusFrequency: ManagementCommand, Equatable {
        /// Nothing.
        public typealias Reply = Void

        /// The port.
        public var port: UInt8 = 0
        /// The frequency.
        public var frequency = NVMeMI.SMBusFrequency.kilohertz100

        /// Sets port 0 to 100 kHz.
        public init() {}

        /// Sets a port.
        public init(port: UInt8, frequency: NVMeMI.SMBusFrequency) {
            self.port = port
            self.frequency = frequency
        }

        /// What is known of the command besides its bytes.
        public static let declaration = ConfigurationSet.declare(
            request.table,
            isRepeatable: true
        )

        /// The fields of the request.
        public static let request = Layout<Self>("Configuration Set request", size: 16) {
            Field(configuration: .smbusFrequency)
            Field("SMBus/I2C frequency", at: 8, bits: 8...11, \.frequency)
            Field("port identifier", at: 11, \.port)
        }
    }

    /// Clears flags of the Composite Controller Status.
    public struct HealthStatusChange: ManagementCommand, Equatable {
        /// Nothing.
        public typealias Reply = Void

        /// The flags to clear, in the places that the status has them.
        public var cleared: ControllerStatusFlags = []

        /// Clears nothing.
        public init() {}

        /// Clears flags.
        public init(clearing flags: ControllerStatusFlags) { cleared = flags }

        /// What is known of the command besides its bytes; not repeatable, for a flag may be set again in between.
        public static let declaration = ConfigurationSet.declare(request.table)

        /// The fields of the request.
        public static let request = Layout<Self>("Configuration Set request", size: 16) {
            Field(configuration: .healthStatusChange)
            // The command numbers the flags without the gap at bit 3 that the status has.
            Field("health status changes", at: 12, bits: 0...31, computed: \.requestBits)
        }

        private var requestBits: UInt32 {
            get { UInt32(cleared.rawValue & 0x7 | cleared.rawValue >> 1 & 0x7FF8) }
            set {
                let bits = UInt16(truncatingIfNeeded: newValue)
                cleared = ControllerStatusFlags(rawValue: bits & 0x7 | bits << 1 & 0xFFF0)
            }
        }
    }

    /// The MCTP transmission unit of a port; it changes after the response.
    public struct TransmissionUnitSize: ManagementCommand, Equatable {
        /// Nothing.
        public typealias Reply = Void

        /// The port.
        public var port: UInt8 = 0
        /// Bytes of payload, without the MCTP header: 64 to the greatest that the port information tells.
        public var size: UInt16 = 64

        /// Sets port 0 to 64 bytes.
        public init() {}

        /// Sets a port.
        public init(port: UInt8, size: UInt16) {
            self.port = port
            self.size = size
        }

        /// What is known of the command besides its bytes.
        public static let declaration = ConfigurationSet.declare(
            request.table,
            isRepeatable: true
        )

        /// The fields of the request.
        public static let request = Layout<Self>("Configuration Set request", size: 16) {
            Field(configuration: .transmissionUnitSize)
            Field("port identifier", at: 11, \.port)
            Field("MCTP transmission unit size", at: 12, \.size)
        }
    }
}
