extension DriveDescription {
    /// A description with a name, from which others are made.
    public struct Model: Sendable {
        /// The name in options and files.
        public let name: String
        /// What kind of drive it is, in one sentence.
        public let summary: String
        /// The description.
        public let description: DriveDescription
    }

    /// The models that are built in; the first is the default.
    public static let models: [Model] = [
        Model(
            name: "u2",
            summary: "U.2 data-centre drive: PCIe port, two-wire port, 1 controller, 1 namespace",
            description: DriveDescription()
        ),
        Model(
            name: "dual-port",
            summary: "enterprise drive: 2 PCIe ports, two-wire port, 2 controllers, 5 namespaces",
            description: dualPort
        ),
        Model(
            name: "m2",
            summary: "small M.2 drive: NVMe-MI 1.0, no optional commands, smallest packets",
            description: small
        ),
        Model(
            name: "one-slot",
            summary: "U.2 drive that ignores command slot 1 and refuses control primitives",
            description: oneSlot
        ),
        Model(
            name: "sr-iov",
            summary: "drive with 1 physical and 299 virtual functions, for paging",
            description: virtualized
        ),
        Model(
            name: "complete",
            summary:
                "drive of NVMe 2.1 with every command, log page and structure of this simulator",
            description: complete
        ),
        Model(
            name: "ancient",
            summary:
                "drive of NVMe 1.0: 1 controller, 1 namespace, three log pages without offsets",
            description: ancient
        ),
    ]

    /// The description of a built-in model; `nil` when there is none of that name.
    ///
    /// - Parameter name: A name of ``models``.
    /// - Returns: The model's description.
    public static func model(_ name: String) -> DriveDescription? {
        models.first { $0.name == name }?.description
    }

    /// The description of a built-in model.
    ///
    /// - Parameter name: A name of ``models``.
    /// - Returns: The model's description.
    /// - Throws: `ValueError` that says which there are when there is none of that name.
    public static func model(named name: String) throws(ValueError) -> DriveDescription {
        guard let description = model(name) else {
            let known = models.map(\.name).joined(separator: ", ")
            throw ValueError("there is no model '\(name)'; there are \(known)")
        }
        return description
    }

    private static let dualPort: DriveDescription = {
        var drive = DriveDescription()
        drive.modelNumber = "Simulated Dual-Port Enterprise Drive"
        drive.managementVersion = (2, 0)
        drive.nvmeVersion = 0x0002_0000
        drive.deviceID = 0x51A2
        drive.firmwareRevisions = ["2.1.0", "2.1.4", ""]
        drive.activeFirmwareSlot = 2
        drive.ports = [
            PortDescription(number: 0, kind: .pcie),
            PortDescription(number: 1, kind: .pcie),
            PortDescription(number: 2, kind: .twoWire, isManaged: true),
        ]
        for index in 0...1 {
            drive.ports[index].maximumLinkWidth = 2
            drive.ports[index].negotiatedLinkWidth = 2
            drive.ports[index].pciePortNumber = UInt8(index)
            drive.ports[index].maximumTransmissionUnit = 256
        }
        drive.ports[2].maximumFrequency = .fastPlus
        drive.ports[2].managementEndpointBufferSize = 4_096
        drive.ports[2].supportsAsynchronousEvents = true
        var second = ControllerDescription(identifier: 1, port: 1)
        second.bus = 0x41
        drive.controllers = [ControllerDescription(identifier: 0, port: 0), second]
        drive.capacity = 7_681_501_126_656
        drive.namespaces = dualPortNamespaces
        drive.maximumNamespaces = 128
        drive.formats = [
            BlockFormat(dataSize: 512), BlockFormat(dataSize: 512, metadataSize: 8),
            BlockFormat(dataSize: 4_096), BlockFormat(dataSize: 4_096, metadataSize: 64),
        ]
        drive.health.sensors = [37, 43, 52]
        drive.health.percentageUsed = 4
        drive.optionalCommands = OptionalCommand.usual.union([.shutdown, .endpointBuffer])
        return drive
    }()

    /// Shared, private to either controller, write protected, and attached to none.
    private static let dualPortNamespaces: [NamespaceDescription] = {
        var shared = NamespaceDescription(identifier: 1, size: 3_840_750_563_328)
        shared.isShared = true
        shared.format = 2
        var first = NamespaceDescription(identifier: 2, size: 960_187_640_832)
        first.controllers = [0]
        var second = NamespaceDescription(identifier: 3, size: 960_187_640_832)
        second.controllers = [1]
        second.format = 3
        var protected = NamespaceDescription(identifier: 4, size: 68_719_476_736)
        protected.isShared = true
        protected.isWriteProtected = true
        var spare = NamespaceDescription(identifier: 9, size: 68_719_476_736)
        spare.controllers = []
        spare.utilization = 0
        return [shared, first, second, protected, spare]
    }()

    private static let small: DriveDescription = {
        var drive = DriveDescription()
        drive.modelNumber = "Simulated M.2 Drive"
        drive.managementVersion = (1, 0)
        drive.nvmeVersion = 0x0001_0201
        drive.deviceID = 0x51A1
        drive.firmwareRevisions = ["0.9.7"]
        drive.isFirstFirmwareSlotReadOnly = true
        drive.ports = [
            PortDescription(number: 0, kind: .pcie),
            PortDescription(number: 1, kind: .twoWire, isManaged: true),
        ]
        drive.ports[0].supportedLinkSpeeds = 0x07
        drive.ports[0].currentLinkSpeed = 3
        drive.ports[0].maximumLinkWidth = 4
        drive.ports[0].negotiatedLinkWidth = 2
        drive.ports[1].maximumTransmissionUnit = 64
        drive.ports[1].maximumFrequency = .standard
        drive.ports[1].vpdFrequency = .standard
        drive.controllers[0].kind = .unreported
        drive.capacity = 256_060_514_304
        drive.namespaces = [NamespaceDescription(identifier: 1, size: 256_060_514_304)]
        drive.maximumNamespaces = 1
        drive.formats = [BlockFormat(dataSize: 512)]
        drive.health.sensors = []
        drive.health.percentageUsed = 12
        drive.optionalCommands = []
        drive.abilities = [.commandEffects]
        return drive
    }()

    private static let oneSlot: DriveDescription = {
        var drive = DriveDescription()
        drive.modelNumber = "Simulated One-Slot Drive"
        drive.deviceID = 0x51A3
        drive.secondSlot = .ignored
        drive.controlPrimitives = .refused
        drive.refusesLogPageOffset = true
        return drive
    }()

    private static let virtualized: DriveDescription = {
        var drive = DriveDescription()
        drive.modelNumber = "Simulated SR-IOV Drive"
        drive.deviceID = 0x51A4
        drive.controllers = (0..<300).map { index in
            var controller = ControllerDescription(identifier: UInt16(index), port: 0)
            controller.function = index == 0 ? .primary : .virtual
            controller.bus = UInt8(1 + index / 256)
            controller.deviceFunction = UInt8(index % 256)
            controller.isEnabled = index < 8
            return controller
        }
        drive.namespaces[0].isShared = true
        drive.optionalCommands.insert(.virtualization)
        return drive
    }()

    private static let complete: DriveDescription = {
        var drive = dualPort
        drive.modelNumber = "Simulated Complete Drive"
        drive.nvmeVersion = 0x0002_0100
        drive.deviceID = 0x51A5
        drive.optionalCommands = Set(OptionalCommand.allCases)
        drive.abilities = Set(DriveAbility.allCases)
        drive.maximumAttachments = 64
        for index in drive.ports.indices {
            drive.ports[index].supportsAutoPause = true
        }
        return drive
    }()

    private static let ancient: DriveDescription = {
        var drive = small
        drive.modelNumber = "Simulated Drive of 2011"
        drive.nvmeVersion = 0x0001_0000
        drive.deviceID = 0x51A6
        drive.abilities = []
        drive.hasLogPageOffset = false
        drive.refusesRetainedEvents = true
        return drive
    }()
}
