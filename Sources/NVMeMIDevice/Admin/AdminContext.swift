internal import NVMeMI

/// An Admin command with the controller it is for.
struct AdminContext {
    let drive: Drive
    let now: DeviceTime
    let command: AdminCommand
    /// Index of the controller that executes the command.
    let controller: Int
    /// What happens behind the answer.
    var effects: [CommandContext.Effect] = []

    var controllerIdentifier: UInt16 { drive.controllers[controller].identifier }

    /// Command dword 10…15 by number.
    func dword(_ number: Int) -> UInt32 {
        command.dword(number)
    }

    /// Some bits of a command dword.
    func bits(_ range: ClosedRange<UInt32>, of number: Int) -> UInt32 {
        let width = range.upperBound - range.lowerBound + 1
        let value = dword(number) >> range.lowerBound
        return width >= 32 ? value : value & (1 << width - 1)
    }

    /// Whether a namespace is attached to the controller.
    func isActive(_ namespace: NamespaceState) -> Bool {
        namespace.controllers.contains(controllerIdentifier)
    }
}

extension CommandContext {
    /// Executes an Admin command: checks in the order of the specification, then the command, then
    /// the slice of its data that is wanted.
    mutating func executeAdmin() throws(RequestError) -> [UInt8] {
        let command = try AdminCommand(request: request)
        guard let entry = AdminTable.entry(command.opcode, of: drive) else {
            throw .unsupported(command.opcode)
        }
        if request.header.usesManagementEndpointBuffer { try requireBuffer(entry.usesBuffer) }
        let wanted = try wantedSlice(of: command)
        guard let controller = drive.controllerIndex(command.controller) else {
            throw .parameter(6, "there is no controller \(command.controller)")
        }
        if drive.sanitize.status == .inProgress, !entry.survivesSanitize {
            throw RequestError(
                status: .sanitizeInProgress, reason: "a sanitize operation is in progress")
        }
        var context = AdminContext(
            drive: drive, now: now, command: command, controller: controller)
        do {
            let result = try entry.run(&context)
            effects += context.effects
            let data = result.bytes(try available(wanted, of: result))
            let answer = command.encodeReply(
                AdminReply(result: result.result, data: data), slot: request.slot)
            return request.header.usesManagementEndpointBuffer
                ? storeInBuffer(answer, headerSize: AdminContext.answerHeaderSize) : answer
        } catch .refused(let error) {
            throw error
        } catch .completed(let status, let location) {
            if !status.meansResetRequired {
                drive.errorLog.add(
                    status: status.rawValue, location: location, namespace: command.namespace,
                    opcode: command.opcode)
            }
            return command.encodeReply(AdminReply(status: status), slot: request.slot)
        }
    }

    /// The bytes of the command's data that the requester wants.
    private func wantedSlice(of command: AdminCommand) throws(RequestError) -> Range<Int> {
        let transfersOut = command.opcode & 0x03 == 0x01
        let length = command.dataLength
        guard length <= 4_096, length.isMultiple(of: 4) else {
            throw .parameter(32, "\(length) bytes are not a multiple of 4 up to 4096")
        }
        guard command.dataOffset.isMultiple(of: 4) else {
            throw .parameter(28, "offset \(command.dataOffset) is not a multiple of 4")
        }
        guard command.data.count == (transfersOut ? Int(length) : 0) else {
            throw RequestError(
                status: .invalidCommandInputDataSize,
                reason: "\(command.data.count) bytes of data came instead of \(length)")
        }
        guard !transfersOut else { return 0..<0 }
        if command.opcode == AdminOpcode.getLogPage.rawValue, command.dataOffset > 0,
            drive.description.refusesLogPageOffset
        {
            throw .parameter(28, "Get Log Page takes no offset but its own")
        }
        return Int(command.dataOffset)..<Int(command.dataOffset) + Int(length)
    }

    /// The part of a wanted slice that there is.
    private func available(
        _ wanted: Range<Int>, of result: AdminResult
    ) throws(AdminFailure) -> Range<Int> {
        if wanted.upperBound <= result.length || wanted.isEmpty { return wanted }
        guard drive.description.sliceBeyondEnd == .refused else {
            return min(wanted.lowerBound, result.length)..<result.length
        }
        let isOffset = wanted.lowerBound >= result.length
        throw .refused(
            .parameter(
                isOffset ? 28 : 32,
                "bytes \(wanted.lowerBound)..<\(wanted.upperBound) reach beyond \(result.length)"))
    }
}

extension AdminContext {
    /// Size of an answer before its data.
    static let answerHeaderSize = 20
}
