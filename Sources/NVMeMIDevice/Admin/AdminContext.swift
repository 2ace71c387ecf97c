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

    /// Command dword 1 or 10…15 by number.
    func dword(_ number: Int) -> UInt32 {
        switch number {
        case 1: command.namespace
        case 10: command.dword10
        case 11: command.dword11
        case 12: command.dword12
        case 13: command.dword13
        case 14: command.dword14
        case 15: command.dword15
        default: 0
        }
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
        guard let entry = AdminTable.entry(command.opcode.rawValue, of: drive) else {
            throw .unsupported(command.opcode.rawValue)
        }
        if request.header.usesManagementEndpointBuffer { try requireBuffer(entry.usesBuffer) }
        let wanted = try wantedSlice(of: command)
        guard let controller = drive.controllerIndex(command.controller) else {
            throw .parameter(6, "there is no controller \(command.controller)")
        }
        if drive.sanitize.status == .inProgress, !entry.survivesSanitize {
            throw RequestError(
                status: .sanitizeInProgress,
                reason: "a sanitize operation is in progress"
            )
        }
        if let refusal = refusal(of: command, entry, controller) {
            return try answer(to: command, failure: refusal)
        }
        var context = AdminContext(
            drive: drive,
            now: now,
            command: command,
            controller: controller
        )
        do throws(AdminFailure) {
            let result = try entry.run(&context)
            effects += context.effects
            let data = result.bytes(try available(wanted, of: result))
            let answer = command.encodeReply(
                AdminReply(result: result.result, data: data),
                slot: request.slot
            )
            return request.header.usesManagementEndpointBuffer
                ? storeInBuffer(answer, headerSize: AdminContext.answerHeaderSize) : answer
        } catch {
            return try answer(to: command, failure: error)
        }
    }

    /// Why the state of the drive does not allow a command that is well formed.
    private func refusal(
        of command: AdminCommand,
        _ entry: AdminTable.Entry,
        _ controller: Int
    ) -> AdminFailure? {
        if drive.lockdown.prohibits(command.opcode.rawValue, .adminOpcode) {
            return .failed(.prohibitedByLockdown)
        }
        if drive.sanitize.isInFailureMode, !entry.survivesSanitize {
            return .failed(.sanitizeFailed)
        }
        if drive.format.isRunning, entry.waitsForFormat { return .failed(.formatInProgress) }
        if entry.needsMedia, !command.ignoresShutdown,
            drive.controllers[controller].shutdownStatus != 0
        {
            return .failed(.adminCommandMediaNotReady)
        }
        return nil
    }

    private func answer(
        to command: AdminCommand,
        failure: AdminFailure
    ) throws(RequestError) -> [UInt8] {
        switch failure {
        case .refused(let error):
            throw error
        case .completed(let status, let location):
            if !status.meansResetRequired {
                drive.errorLog.add(
                    status: status.rawValue,
                    location: location,
                    namespace: command.namespace,
                    opcode: command.opcode.rawValue
                )
            }
            return command.encodeReply(AdminReply(status: status), slot: request.slot)
        }
    }

    /// The bytes of the command's data that the requester wants.
    private func wantedSlice(of command: AdminCommand) throws(RequestError) -> Range<Int> {
        let transfersOut = command.opcode.direction == .toController
        let length = command.dataLength
        guard length <= 4_096, length.isMultiple(of: 4) else {
            throw .parameter(32, "\(length) bytes are not a multiple of 4 up to 4096")
        }
        guard command.dataOffset.isMultiple(of: 4) else {
            throw .parameter(28, "offset \(command.dataOffset) is not a multiple of 4")
        }
        guard !transfersOut else { return 0..<0 }
        if command.opcode == .getLogPage, command.dataOffset > 0,
            drive.description.refusesLogPageOffset
        {
            throw .parameter(28, "Get Log Page takes no offset but its own")
        }
        return Int(command.dataOffset)..<Int(command.dataOffset) + Int(length)
    }

    /// The part of a wanted slice that there is.
    private func available(
        _ wanted: Range<Int>,
        of result: AdminResult
    ) throws(AdminFailure) -> Range<Int> {
        if wanted.upperBound <= result.length || wanted.isEmpty { return wanted }
        guard drive.description.sliceBeyondEnd == .refused else {
            return min(wanted.lowerBound, result.length)..<result.length
        }
        let isOffset = wanted.lowerBound >= result.length
        throw .refused(
            .parameter(
                isOffset ? 28 : 32,
                "bytes \(wanted.lowerBound)..<\(wanted.upperBound) reach beyond \(result.length)"
            )
        )
    }
}

extension AdminContext {
    /// Size of an answer before its data.
    static let answerHeaderSize = 20
}
