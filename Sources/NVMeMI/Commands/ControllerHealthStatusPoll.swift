/// Controller Health Status Poll (opcode 02h): the state of controllers, all of them or those in which something changed.
public struct ControllerHealthStatusPoll: ManagementCommand, Equatable {
    /// The state of each reported controller, by ascending identifier.
    public typealias Reply = [ControllerHealth]

    /// The greatest number of controllers that one reply can report.
    public static let capacity: UInt8 = 255

    /// The lowest controller of interest.
    public var firstController: UInt16 = 0
    /// The greatest number of controllers to report, less one; FFh is not allowed.
    public var maximumEntriesLessOne: UInt8 = capacity - 1
    /// Which controllers count, by kind of PCI function.
    public var functions: PCIFunctions = []
    /// True to report controllers whether or not something changed in them.
    public var reportsAll = false
    /// What must have changed in a controller to be reported, unless all are.
    public var changes: ControllerChanges = []
    /// True to clear the changed flags of the reported controllers after they are copied into the reply.
    public var clearsChangedFlags = false
    /// The version of NVMe-MI that the drive follows, by which its answer is understood; not in the request.
    public var version = ManagementInterfaceVersion.oldest

    /// Reports no controller: neither kind nor change is selected.
    public init() {}

    /// Reports all controllers from one on.
    ///
    /// What only later versions than the drive's define is not taken from the answer.
    public init(
        all functions: PCIFunctions = .all,
        from controller: UInt16 = 0,
        version: ManagementInterfaceVersion = .oldest
    ) {
        firstController = controller
        self.functions = functions
        self.version = version
        reportsAll = true
    }

    /// Reports controllers in which something changed.
    public init(
        changed changes: ControllerChanges,
        in functions: PCIFunctions = .all,
        from controller: UInt16 = 0,
        clearsChangedFlags: Bool = false,
        version: ManagementInterfaceVersion = .oldest
    ) {
        self.version = version
        firstController = controller
        self.functions = functions
        self.changes = changes
        self.clearsChangedFlags = clearsChangedFlags
    }

    /// What is known of the command besides its bytes.
    public static let declaration = CommandDeclaration(
        "Controller Health Status Poll",
        category: .managementInterface,
        opcode: 0x02,
        .mandatory,
        deadline: .poll,
        isRepeatable: true,
        requestFields: request.table
    )

    /// The declaration; not repeatable with clearing, because the flags of a lost answer would be lost with it.
    public var declaration: CommandDeclaration {
        var declaration = Self.declaration
        declaration.isRepeatable = !clearsChangedFlags
        return declaration
    }

    /// The fields of the request.
    public static let request = Layout<Self>(
        "Controller Health Status Poll request",
        size: ManagementMessage.requestSize
    ) {
        Field("starting controller identifier", at: 8, \.firstController)
        Field("maximum response entries", at: 10, \.maximumEntriesLessOne)
        Field("functions", at: 11, bits: 0...2, \.functions)
        Field("report all", at: 11, bit: 7, \.reportsAll)
        Field("changes", at: 12, bits: 0...30, \.changes)
        Field("clear changed flags", at: 12, bit: 31, \.clearsChangedFlags)
    }

    /// Finds a number of entries that the command does not allow.
    public func validate() throws(ArgumentError) {
        try validateFields()
        if maximumEntriesLessOne == .max {
            throw ArgumentError(
                command: declaration.name,
                field: "maximum response entries",
                expected: "at most \(Self.capacity)",
                got: "256"
            )
        }
    }

    /// The state of each reported controller; more or fewer bytes than their number says are an error.
    public func readReply(_ reply: ManagementReply) throws(DecodingError) -> [ControllerHealth] {
        let count = Int(reply.response >> 16 & 0xFF)
        let size = ControllerHealth.layout.size
        if reply.data.count != count * size {
            throw malformed(
                "data",
                expected: "\(count) entries of \(byteCount(size))",
                got: byteCount(reply.data.count)
            )
        }
        let reader = ByteReader(reply.data, subject: ControllerHealth.layout.name)
        var controllers: [ControllerHealth] = []
        for index in 0..<count {
            var controller = ControllerHealth()
            controller.version = version
            try ControllerHealth.layout.read(into: &controller, from: reader, at: index * size)
            controllers.append(controller)
        }
        return controllers
    }

    /// The states and their number; those beyond the capacity are left out.
    public func writeReply(_ reply: [ControllerHealth]) -> ManagementReply {
        let reply = reply.prefix(Int(Self.capacity))
        var writer = ByteWriter(capacity: reply.count * ControllerHealth.layout.size)
        for controller in reply { ControllerHealth.layout.append(controller, to: &writer) }
        return ManagementReply(response: UInt32(reply.count) << 16, data: writer.bytes)
    }

    /// The poll for the controllers behind these, nil when they were the last ones.
    public func next(after reply: [ControllerHealth]) -> Self? {
        guard let last = reply.last, reply.count > Int(maximumEntriesLessOne),
            last.controller >= firstController, last.controller < .max
        else { return nil }
        var next = self
        next.firstController = last.controller + 1
        return next
    }
}

/// Kinds of PCI functions that a controller can be.
public struct PCIFunctions: WireFlags {
    /// The bits.
    public let rawValue: UInt8

    /// The kinds with these bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Functions without SR-IOV.
    public static let physical = Self(rawValue: 1 << 0)
    /// SR-IOV physical functions.
    public static let virtualizationPhysical = Self(rawValue: 1 << 1)
    /// SR-IOV virtual functions.
    public static let virtual = Self(rawValue: 1 << 2)
    /// All kinds.
    public static let all: Self = [.physical, .virtualizationPhysical, .virtual]

    /// Names of the bits.
    public static let names: [(bit: Int, name: String)] = [
        (0, "PCIFunctions"),
        (1, "SRIOVPhysicalFunctions"),
        (2, "SRIOVVirtualFunctions"),
    ]
}

/// What can have changed in a controller so that a poll reports it.
public struct ControllerChanges: WireFlags {
    /// The bits.
    public let rawValue: UInt32

    /// The changes with these bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Anything in its status.
    public static let status = Self(rawValue: 1 << 0)
    /// Its composite temperature.
    public static let compositeTemperature = Self(rawValue: 1 << 1)
    /// The percentage of life used.
    public static let percentageUsed = Self(rawValue: 1 << 2)
    /// The available spare.
    public static let availableSpare = Self(rawValue: 1 << 3)
    /// The critical warnings.
    public static let criticalWarning = Self(rawValue: 1 << 4)
    /// All of them.
    public static let all: Self = [
        .status, .compositeTemperature, .percentageUsed, .availableSpare, .criticalWarning,
    ]

    /// Names of the bits.
    public static let names: [(bit: Int, name: String)] = [
        (0, "ControllerStatus"),
        (1, "CompositeTemperature"),
        (2, "PercentageUsed"),
        (3, "AvailableSpare"),
        (4, "CriticalWarning"),
    ]
}
