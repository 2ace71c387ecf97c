import DBus
import EventLoop
import NVMeMI
import NVMeMIClient
import NVMeMIDrives

extension Passthru {
    func manage(
        _ command: RawManagementCommand,
        _ dictionary: VariantDictionary,
        for call: Invocation
    ) async throws -> VariantDictionary {
        var options = CallOptions(dictionary)
        let asked = try PassthruOptions(&options, takesBuffer: true)
        try options.finish()
        return try await send(command, asked, danger: command.danger, for: call) { response in
            ["Response": .uint32(response.managementResponse), "Data": .bytes(response.body)]
        }
    }

    func administer(
        _ opcode: AdminOpcode,
        _ data: [UInt8],
        _ dictionary: VariantDictionary,
        for call: Invocation
    ) async throws -> VariantDictionary {
        var options = CallOptions(dictionary)
        var command = AdminCommand(opcode, controller: 0, data: data)
        command.namespace = try options.number("nsid", in: 0...UInt32.max) ?? 0
        for (name, field) in Self.dwords {
            command[keyPath: field] = try options.number(name, in: 0...UInt32.max) ?? 0
        }
        command.length = try options.number("length", in: 0...Transfer.pieceSize) ?? 0
        command.offset = try options.number("offset", in: 0...UInt32.max) ?? 0
        command.ignoresShutdown = try options.flag("ignore-shutdown") ?? false
        command.controller = try controller(&options)
        let asked = try PassthruOptions(&options, takesBuffer: true)
        try options.finish()
        return try await send(command, asked, danger: command.danger, for: call) { response in
            let reply = try command.decodeCompletion(response)
            if command.changesNamespaces { endpoint.namespacesMayHaveChanged() }
            return [
                "Result": .uint32(reply.result),
                "Result1": .uint32(reply.result1),
                "NVMeStatus": .uint16(reply.status.rawValue),
                "NVMeStatusName": .string("\(reply.status)"),
                "Data": .bytes(reply.data),
            ]
        }
    }

    func accessPCIe(
        _ opcode: PCIeOpcode,
        _ offset: UInt64,
        _ data: [UInt8],
        _ dictionary: VariantDictionary,
        for call: Invocation
    ) async throws -> VariantDictionary {
        var options = CallOptions(dictionary)
        let length = try options.number("length", in: UInt16(0)...4096) ?? 0
        let register = try options.number("bar", in: UInt8(0)...7) ?? 0
        let identifier = try controller(&options)
        let asked = try PassthruOptions(&options, takesBuffer: false)
        try options.finish()
        guard opcode.isWrite ? length == 0 : data.isEmpty else {
            throw BusErrors.invalidArgument(
                "\(opcode) takes " + (opcode.isWrite ? "data, and no option 'length'" : "no data")
            )
        }
        let command =
            opcode.isWrite
            ? PCIeCommand(
                opcode,
                controller: identifier,
                baseAddressRegister: register,
                offset: offset,
                data: data
            )
            : PCIeCommand(
                opcode,
                controller: identifier,
                baseAddressRegister: register,
                offset: offset,
                length: length
            )
        return try await send(command, asked, danger: command.danger, for: call) { response in
            ["Data": .bytes(try command.decode(response))]
        }
    }

    /// The controller that is meant.
    private func controller(_ options: inout CallOptions) throws -> UInt16 {
        let named = try options.number("controller-id", in: 0...UInt16.max)
        guard let identifier = named ?? controller else {
            throw BusErrors.invalidArgument(
                "an endpoint has several controllers; say with the option 'controller-id' (q) which, or call "
                    + "the controller's object"
            )
        }
        return identifier
    }

    private static let dwords: [(String, any WritableKeyPath<AdminCommand, UInt32> & Sendable)] = [
        ("cdw2", \.dword2), ("cdw3", \.dword3), ("cdw4", \.dword4), ("cdw5", \.dword5),
        ("cdw10", \.dword10), ("cdw11", \.dword11), ("cdw12", \.dword12), ("cdw13", \.dword13),
        ("cdw14", \.dword14), ("cdw15", \.dword15),
    ]
}

// MARK: Sending

/// The options that all raw commands have.
private struct PassthruOptions {
    var serialNumber: String?
    var isForced: Bool
    var timeLimit: Duration?
    var slot = CommandSlot.zero
    var usesBuffer = false
    var pauses = false

    init(_ options: inout CallOptions, takesBuffer: Bool) throws {
        serialNumber = try options.serialNumber()
        isForced = try options.isForced()
        timeLimit = try options.timeLimit()
        slot = try options.number("slot", in: UInt8(0)...1) == 1 ? .one : .zero
        if takesBuffer {
            usesBuffer = try options.flag("management-endpoint-buffer") ?? false
            pauses = try options.flag("auto-pause") ?? false
        }
    }
}

extension Passthru {
    /// Sends a command and makes a dictionary of its answer.
    private func send<C: DeclaredRequest>(
        _ command: C,
        _ asked: PassthruOptions,
        danger: CommandDanger,
        for call: Invocation,
        _ read: @LoopActor (Response) throws -> VariantDictionary
    ) async throws -> VariantDictionary {
        let name = command.declaration.name
        let wrapped = CommandWithOptions(
            command,
            RequestOptions(
                usesManagementEndpointBuffer: asked.usesBuffer,
                pausesOnProcessing: asked.pauses
            )
        )
        return try await call.recording("Passthru", on: endpoint, [("command", name)]) {
            try endpoint.check(
                serialNumber: asked.serialNumber,
                isRequired: danger != .none,
                before: name
            )
            if !CommandDeclaration.onlyReads(
                command.declaration.category,
                command.declaration.opcode
            ) {
                try endpoint.checkThatNoJobChangesIt(before: name, isForced: asked.isForced)
            }
            let time = Transfer.TimeLeft(asked.timeLimit)
            if danger != .none {
                try await endpoint.ask(
                    forSerialNumber: asked.serialNumber,
                    isAnswerNeeded: danger == .destroys,
                    before: name,
                    for: call.requester,
                    timeLimit: time.left
                )
            }
            let response = try await endpoint.respond(
                to: wrapped,
                for: call.requester,
                timeLimit: time.left,
                isWriting: true,
                slot: asked.slot
            )
            var answer: VariantDictionary = [
                "Status": .byte(response.status.rawValue),
                "StatusName": .string("\(response.status)"),
            ]
            guard response.status == .success else {
                answer.add(response.parameterErrorLocation, of: command.declaration)
                return answer
            }
            do {
                for (name, value) in try read(response) { answer[name] = value }
            } catch {
                throw DriveError.command(
                    CommandFailure(
                        of: name,
                        to: endpoint.address,
                        isWriting: true,
                        SessionError(decodingFailure: error)
                    )
                )
            }
            return answer
        }
    }
}

extension VariantDictionary {
    /// Adds the parameter that was refused.
    fileprivate mutating func add(
        _ location: ParameterErrorLocation?,
        of declaration: CommandDeclaration
    ) {
        guard let location else { return }
        self["ParameterError"] = .structure([.byte(location.bit), .uint16(location.byte)])
        if let field = location.field(in: declaration.requestFields) {
            self["Parameter"] = .string(field.name)
        }
    }
}
