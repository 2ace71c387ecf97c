// What libFuzzer calls, compiled as one module with Sources/NVMeMI: see Tests/fuzz.

/// Decodes bytes as the thing that the first two of them choose; whatever they are, nothing traps, hangs or reads beyond
/// them.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    guard bytes.count >= 2 else { return 0 }
    let choice = Int(bytes[0] & 0x3F) << 8 | Int(bytes[1])
    // What is shorter than a structure is refused: with zeros behind it little is enough to be decoded.
    let length = [0, 0, 1024, 4096][Int(bytes[0] >> 6)]
    let content = bytes.dropFirst(2)
    decoders[choice % decoders.count](
        content + Array(repeating: 0, count: max(0, length - content.count))
    )
    return 0
}

nonisolated(unsafe) private let decoders: [([UInt8]) -> Void] =
    LogPages.all.map { page in
        let description = page.description
        return { decode($0, as: page, description) }
    }
    + IdentifyStructures.all.map { structure in
        let description = structure.description
        return { decode($0, as: description) }
    }
    + Features.all.map { feature in { decode($0, as: feature) } }
    + [
        {
            _ = try? ProductData.decode($0)
            precondition(ProductData.length(after: $0) <= ProductData.maximumSize)
        },
        { decode($0, as: blockStatus) }, { decodeDatabase($0) }, { decodeMessage($0) },
        { _ = try? AsynchronousEventMessage.parse(sealed($0)) },
        { show(try? AsynchronousEventList(data: $0)) },
        { show(try? AsynchronousEventOccurrences(data: $0)) },
        { show(try? CommandList(data: $0)) },
        { show(try? SubsystemInformation(data: $0)) }, { show(try? PortInformation(data: $0)) },
        { show(try? ControllerInformation(data: $0)) }, { show(try? SubsystemHealth(data: $0)) },
        { show(try? ControllerHealth(data: $0)) },
    ] + commands.map { attempt in { answer($0, attempt) } }

nonisolated(unsafe) private let blockStatus = GetLBAStatus.status

private func decode(_ data: [UInt8], as description: DataDescription) {
    guard let decoded = try? description.decode(data) else { return }
    precondition(decoded.leftOut.count < 5_000)
    guard description.isEncodable, let recoded = try? description.encode(decoded.values) else {
        return
    }
    _ = try? description.decode(recoded)
}

private func decode(
    _ data: [UInt8],
    as page: LogPageDeclaration,
    _ description: DataDescription
) {
    precondition(page.extent.length(after: data) >= UInt64(page.extent.beginning))
    _ = page.change(in: data)
    decode(data, as: description)
}

private func decode(_ data: [UInt8], as feature: FeatureDeclaration) {
    let result = data.prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    let reply = AdminReply(result: result, data: Array(data.dropFirst(4)))
    guard let values = try? feature.decode(reply).values else { return }
    _ = try? feature.set(values, keeping: reply, on: 0)
    _ = try? feature.get(on: 0, selecting: values.filter { feature.selectors.contains($0.name) })
}

private func decodeDatabase(_ data: [UInt8]) {
    var database = PCIDatabase(vendor: 0x1B36, device: 0x0010)
    database.take(data)
    database.finish()
}

private func show(_ structure: (some DataStructure)?) {
    guard let structure else { return }
    precondition(structure.namedValues.count < 10_000)
    _ = structure.data
}

private func sealed(_ message: [UInt8]) -> [UInt8] {
    let check = MessageIntegrityCheck.compute(message)
    return message + (0..<4).map { UInt8(truncatingIfNeeded: check >> ($0 * 8)) }
}

/// Whatever arrives, as who receives it parses it.
private func decodeMessage(_ data: [UInt8]) {
    let message = sealed([0x84] + data)
    _ = try? Response.parse(message)
    guard let request = try? Request.parse(message) else { return }
    _ = try? RawManagementCommand(request: request).validate()
    _ = try? AdminCommand(request: request).validate()
}

private typealias Attempt = (Response) -> Void

/// The bytes as the response to a command.
private func answer(_ data: [UInt8], _ attempt: Attempt) {
    for flags: UInt8 in [0x80, 0x88, 0x90, 0xA0] {
        if let response = try? Response.parse(sealed([0x84, flags, 0, 0] + data)) {
            attempt(response)
        }
    }
}

private func attempt<C: Command>(_ command: C) -> Attempt { { _ = try? command.decode($0) } }

nonisolated(unsafe) private let commands: [Attempt] = [
    attempt(ReadDataStructure.controllerList()), attempt(ReadDataStructure.portInformation(0)),
    attempt(ControllerHealthStatusPoll(all: .physical)),
    attempt(SubsystemHealthStatusPoll(clearsStatus: false)),
    attempt(ConfigurationGet.AsynchronousEvents()), attempt(ConfigurationSet.AsynchronousEvents()),
    attempt(ConfigurationGet.TransmissionUnitSize(port: 0)),
    attempt(VPDRead(offset: 0, length: 16)), attempt(SESReceive(page: 1, length: 64)),
    attempt(ManagementEndpointBufferRead(offset: 0, length: 16)),
    attempt(RawManagementCommand(opcode: 0xC0)), attempt(Identify.controller(0)),
    attempt(Identify.activeNamespaces(on: 0)), attempt(Identify.namespaceDescriptors(1, on: 0)),
    attempt(GetLogPage.smart(on: 0)), attempt(GetLogPage.errors(on: 0, count: 4)),
    attempt(GetFeatures(.timestamp, on: 0, length: 8)), attempt(SecurityReceive()),
    attempt(AdminCommand(.identify, controller: 0, length: 64)), attempt(GetState(tag: 0)),
    attempt(RawControlPrimitive(opcode: 0xF0, tag: 0)),
]
