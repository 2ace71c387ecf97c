import NVMeMI

/// A structure with a layout, without its type.
struct AnyStructure: Sendable {
    let name: String
    let size: Int
    let table: [FieldDescription]
    /// Decodes and encodes again.
    let recode: @Sendable ([UInt8]) throws -> [UInt8]
    let namedValues: @Sendable ([UInt8]) throws -> [NamedValue]
    let decodePrefix: @Sendable ([UInt8]) throws -> Void
    /// Bytes that hold text or alternatives, which do not come back bit by bit from random bytes.
    let loose: [Range<Int>]
    /// Bytes whose fields are those of structures within, one after the other.
    let nested: (range: Range<Int>, table: [FieldDescription], size: Int)?
    /// The byte that tells the last of these that is in use, where not all are.
    let lastInUse: Int?

    init<S: WireStructure>(
        _ type: S.Type,
        loose: [Range<Int>] = [],
        nested: (range: Range<Int>, table: [FieldDescription], size: Int)? = nil,
        lastInUse: Int? = nil
    ) {
        self.nested = nested
        self.lastInUse = lastInUse
        name = S.layout.name
        size = S.layout.size
        table = S.layout.table
        recode = { try S(data: $0).data }
        namedValues = { try S(data: $0).namedValues }
        decodePrefix = { _ = try S(prefix: $0) }
        self.loose = loose
    }

    static let all: [AnyStructure] = [
        AnyStructure(SubsystemInformation.self),
        AnyStructure(PortInformation.self, loose: [8..<32]),
        AnyStructure(PCIePort.self),
        AnyStructure(TwoWirePort.self),
        AnyStructure(ControllerInformation.self),
        AnyStructure(SubsystemHealth.self),
        AnyStructure(ControllerHealth.self),
        AnyStructure(
            IdentifyController.self,
            loose: [4..<72, 768..<1024],
            nested: (2048..<3072, PowerState.layout.table, 32),
            lastInUse: 263
        ),
        AnyStructure(PowerState.self),
        AnyStructure(IdentifyNamespace.self, nested: (128..<384, LBAFormat.layout.table, 4)),
        AnyStructure(LBAFormat.self),
        AnyStructure(NamespaceDescription.self),
        AnyStructure(SmartLog.self),
        AnyStructure(ErrorLogEntry.self),
        AnyStructure(FirmwareSlotLog.self, loose: [8..<64]),
        AnyStructure(SelfTestLog.self, nested: (4..<564, SelfTestResult.layout.table, 28)),
        AnyStructure(SelfTestResult.self),
        AnyStructure(SanitizeStatusLog.self),
    ]
}

/// A structure of variable size, without its type.
struct AnyList: Sendable {
    let name: String
    let recode: @Sendable ([UInt8]) throws -> [UInt8]
    let namedValues: @Sendable ([UInt8]) throws -> [NamedValue]

    init<S: DataStructure>(_ type: S.Type) {
        name = "\(type)"
        recode = { try S(data: $0).data }
        namedValues = { try S(data: $0).namedValues }
    }

    static let all: [AnyList] = [
        AnyList(ControllerList.self),
        AnyList(CommandList.self),
        AnyList(NamespaceList.self),
        AnyList(NamespaceDescriptors.self),
        AnyList(ErrorLog.self),
        AnyList(AsynchronousEventList.self),
        AnyList(AsynchronousEventOccurrences.self),
    ]
}

/// A command, without its type.
struct AnyCommand: Sendable {
    let name: String
    let category: MessageCategory
    let opcode: UInt8
    let size: Int
    let table: [FieldDescription]
    let example: [UInt8]
    let decode: @Sendable (Response) throws -> Void
    /// Reads a request and encodes it again.
    let recode: @Sendable (Request) throws -> [UInt8]
    let validate: @Sendable (Request) throws -> Void

    /// A command that answers with a structure.
    init<B: DeclaredRequest, S: DataStructure>(_ query: Query<B, S>) {
        name = "\(S.self)"
        category = B.declaration.category
        opcode = query.base.opcodeByte
        size = B.request.size
        table = B.request.table
        example = query.encode(slot: .zero)
        decode = { _ = try query.decode($0) }
        recode = { try Query<B, S>(request: $0).encode(slot: $0.slot) }
        validate = { try Query<B, S>(request: $0).validate() }
    }

    init<C: DeclaredRequest>(_ command: C) {
        name = "\(C.self)"
        category = C.declaration.category
        opcode = command.opcodeByte
        size = C.request.size
        table = C.request.table
        example = command.encode(slot: .zero)
        decode = { _ = try command.decode($0) }
        recode = { try C(request: $0).encode(slot: $0.slot) }
        validate = { try C(request: $0).validate() }
    }

    static let all: [AnyCommand] = [
        AnyCommand(RawManagementCommand(opcode: 0xC0, dword0: 1, dword1: 2, data: [3, 4, 5])),
        AnyCommand(ReadDataStructure(.portInformation, port: 1)),
        AnyCommand(SubsystemHealthStatusPoll(clearsStatus: true)),
        AnyCommand(ControllerHealthStatusPoll(all: .physical)),
        AnyCommand(ConfigurationGet(.transmissionUnitSize, port: 1)),
        AnyCommand(ConfigurationGet.SMBusFrequency(port: 1)),
        AnyCommand(ConfigurationGet.HealthStatusChange()),
        AnyCommand(ConfigurationGet.TransmissionUnitSize(port: 1)),
        AnyCommand(ConfigurationGet.AsynchronousEvents()),
        AnyCommand(ConfigurationSet(.transmissionUnitSize, port: 1, dword1: 250)),
        AnyCommand(ConfigurationSet.SMBusFrequency(port: 1, frequency: .kilohertz400)),
        AnyCommand(ConfigurationSet.HealthStatusChange(clearing: [.ready, .telemetry])),
        AnyCommand(ConfigurationSet.TransmissionUnitSize(port: 1, size: 250)),
        AnyCommand(ConfigurationSet.AsynchronousEvents()),
        AnyCommand(VPDRead(offset: 8, length: 16)),
        AnyCommand(VPDWrite(offset: 8, data: [1, 2, 3])),
        AnyCommand(SubsystemReset()),
        AnyCommand(SubsystemShutdown(.abrupt)),
        AnyCommand(ManagementEndpointBufferRead(offset: 8, length: 16)),
        AnyCommand(ManagementEndpointBufferWrite(offset: 8, data: [1, 2, 3, 4])),
        AnyCommand(AdminCommand(.identify, controller: 1, length: 4096)),
        AnyCommand(AdminCommand(.setFeatures, controller: 1, data: [1, 2, 3, 4])),
        AnyCommand(Identify(.controller, on: 1)),
        AnyCommand(Identify(.controller, on: 1, offset: 256, length: 64)),
        AnyCommand(GetLogPage(.smart, on: 1, length: 512)),
        AnyCommand(GetLBAStatus(1, on: 1, from: 8)),
        AnyCommand(VirtualizationManagement(.takeOnline, subject: 2, on: 1)),
        AnyCommand(CapacityManagement(.deleteNVMSet, element: 2, on: 1)),
        AnyCommand(Lockdown(.feature, 4, isProhibited: true, on: 1)),
        AnyCommand(DirectiveSend(type: 1, operation: 1, on: 1, namespace: 1)),
        AnyCommand(DirectiveReceive(type: 0, operation: 1, on: 1, namespace: 1, length: 8)),
        AnyCommand(SESReceive(page: 1, length: 16)),
        AnyCommand(SESSend([1, 2, 3])),
        AnyCommand(GetFeatures(.temperatureThreshold, on: 1)),
        AnyCommand(
            SetFeatures(.timestamp, on: 1, value: 0, data: bytes("01 02 03 04 05 06 00 00"))
        ),
        AnyCommand(FirmwareImageDownload([1, 2, 3, 4], dwordOffset: 7, on: 1)),
        AnyCommand(FirmwareCommit(.replaceAndActivateAtReset, slot: 2, on: 1)),
        AnyCommand(FormatNVM(1, on: 1, formatIndex: 0x21, erase: .cryptographic)),
        AnyCommand(Sanitize(.overwrite, on: 1)),
        AnyCommand(DeviceSelfTest(.extended, on: 1)),
        AnyCommand(CreateNamespace(NamespaceDescription(size: 1000, capacity: 900), on: 1)),
        AnyCommand(DeleteNamespace(3, on: 1)),
        AnyCommand(NamespaceAttachment(.detach, 3, controllers: [1, 2], on: 1)),
        AnyCommand(SecuritySend(1, specific: 0x1234, data: [1, 2, 3, 4], on: 1)),
        AnyCommand(SecurityReceive(1, specific: 0x1234, length: 512, on: 1)),
        AnyCommand(Pause(tag: 7)),
        AnyCommand(Resume(tag: 7)),
        AnyCommand(Abort(tag: 7)),
        AnyCommand(GetState(tag: 7, clearsErrors: true)),
        AnyCommand(Replay(tag: 7, from: 3)),
        AnyCommand(RawControlPrimitive(opcode: 0xF0, tag: 7, parameter: 0x1234)),
        AnyCommand(PCIeCommand(.configurationRead, controller: 1, offset: 4, length: 6)),
        AnyCommand(
            PCIeCommand(
                .memoryWrite,
                controller: 1,
                baseAddressRegister: 2,
                offset: 1 << 40,
                data: [1, 2, 3, 4, 5]
            )
        ),
        AnyCommand(ReadDataStructure.subsystemInformation),
        AnyCommand(ReadDataStructure.portInformation(1)),
        AnyCommand(ReadDataStructure.controllerList()),
        AnyCommand(ReadDataStructure.controllerInformation(1)),
        AnyCommand(ReadDataStructure.optionalCommands()),
        AnyCommand(ReadDataStructure.managementEndpointBufferCommands()),
        AnyCommand(Identify.controller(1)),
        AnyCommand(Identify.namespace(1, on: 1)),
        AnyCommand(Identify.allocatedNamespace(1, on: 1)),
        AnyCommand(Identify.namespaceDescriptors(1, on: 1)),
        AnyCommand(Identify.activeNamespaces(on: 1)),
        AnyCommand(Identify.allocatedNamespaces(on: 1)),
        AnyCommand(Identify.attachedControllers(of: 1, on: 1)),
        AnyCommand(Identify.controllers(on: 1)),
        AnyCommand(GetLogPage.smart(on: 1)),
        AnyCommand(GetLogPage.firmwareSlots(on: 1)),
        AnyCommand(GetLogPage.selfTest(on: 1)),
        AnyCommand(GetLogPage.sanitizeStatus(on: 1)),
        AnyCommand(GetLogPage.errors(on: 1, count: 8)),
    ]
}
