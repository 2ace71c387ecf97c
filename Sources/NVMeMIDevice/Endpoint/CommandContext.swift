internal import NVMeMI

/// What a command is executed with, and what it leaves to be done behind its answer.
struct CommandContext {
    let drive: Drive
    let endpoint: ManagementEndpoint
    let now: DeviceTime
    let request: Request
    let requester: Requester
    /// What takes effect when the answer has been sent.
    var effects: [Effect] = []
    /// False for a command that is not answered when it succeeds.
    var isAnswered = true

    /// Something that happens behind the answer.
    enum Effect {
        case transmissionUnit(port: Int, UInt16)
        case frequency(port: Int, PortDescription.Frequency)
        case reset

        func apply(to drive: Drive) {
            switch self {
            case .transmissionUnit(let port, let unit):
                drive.settings[port].transmissionUnit = unit
            case .frequency(let port, let frequency):
                drive.settings[port].frequency = frequency
            case .reset:
                drive.reset()
            }
        }
    }

    /// Executes a command; `nil` when it is not answered.
    mutating func answer(to command: PendingCommand) -> [UInt8]? {
        do throws(RequestError) {
            if let refusal = try forced(by: command.faults) { return refusal }
            let answer = try execute()
            return isAnswered ? answer : nil
        } catch {
            return Response.encode(
                refusing: request,
                status: error.status,
                at: error.parameterErrorLocation
            )
        }
    }

    private mutating func execute() throws(RequestError) -> [UInt8] {
        guard let opcode = request.opcode else {
            throw RequestError(status: .invalidCommandSize, reason: "the message has no opcode")
        }
        switch request.category {
        case .managementInterface:
            guard let entry = CommandTable.management[opcode], entry.isSupported(by: drive) else {
                throw .unsupported(opcode)
            }
            if drive.lockdown.prohibits(opcode, .managementOpcode) {
                throw RequestError(status: .accessDenied, reason: "the command is locked down")
            }
            guard request.header.usesManagementEndpointBuffer else {
                return try entry.run(&self, request)
            }
            try requireBuffer(entry.usesBuffer)
            return storeInBuffer(try entry.run(&self, request), headerSize: Response.headerSize)
        case .admin:
            return try executeAdmin()
        case .pcie:
            return try executePCIe()
        default:
            // Other categories do not exist.
            throw .unsupported(opcode)
        }
    }

    /// The answer that a fault wants instead of the command's own.
    private func forced(by faults: [Fault]) throws(RequestError) -> [UInt8]? {
        for fault in faults {
            switch fault.kind {
            case .status:
                throw fault.refusal
            case .nvmeStatus where request.category == .admin:
                let status = NVMeStatus(rawValue: fault.nvmeStatus)
                return try AdminCommand(request: request).encodeReply(
                    AdminReply(status: status),
                    slot: request.slot
                )
            default:
                continue
            }
        }
        return nil
    }
}
