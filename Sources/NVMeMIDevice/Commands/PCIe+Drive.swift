internal import NVMeMI

/// The PCIe commands: configuration, memory and I/O space of a controller's function.
extension CommandContext {
    func executePCIe() throws(RequestError) -> [UInt8] {
        guard drive.has(.pcie), let opcode = request.opcode, opcode <= PCIeOpcode.ioWrite.rawValue
        else { throw .unsupported(request.opcode ?? 0) }
        let command = try PCIeCommand(request: request)
        if drive.lockdown.prohibits(opcode, .pcieOpcode) {
            throw RequestError(status: .accessDenied, reason: "the command is locked down")
        }
        guard let controller = drive.controllerIndex(command.controller) else {
            throw .parameter(6, "there is no controller \(command.controller)")
        }
        guard drive.controllers[controller].shutdownStatus == 0 else {
            throw RequestError(status: .pcieInaccessible, reason: "the controller is shut down")
        }
        let path = try space(command)
        let size = drive.functionSpace[keyPath: path].count
        guard command.offset < UInt64(size) else {
            throw .parameter(12, "offset \(command.offset) is not below the size \(size)")
        }
        let start = Int(command.offset)
        guard start + Int(command.length) <= size else {
            throw .parameter(8, "\(command.length) bytes at \(start) reach beyond the size \(size)")
        }
        let range = start..<start + Int(command.length)
        guard command.opcode.isWrite else {
            return command.encodeReply(
                Array(drive.functionSpace[keyPath: path][range]),
                slot: request.slot
            )
        }
        if command.opcode == .configurationWrite {
            let allowed = FunctionSpace.writable
            guard range.lowerBound >= allowed.lowerBound, range.upperBound <= allowed.upperBound
            else {
                throw RequestError(
                    status: .accessDenied,
                    reason: "bytes \(range) cannot be written"
                )
            }
        }
        drive.functionSpace[keyPath: path].replaceSubrange(
            range,
            with: command.data.prefix(range.count)
        )
        return command.encodeReply([], slot: request.slot)
    }

    private func space(
        _ command: PCIeCommand
    ) throws(RequestError) -> WritableKeyPath<FunctionSpace, [UInt8]> {
        switch (command.opcode, command.baseAddressRegister) {
        case (.configurationRead, _), (.configurationWrite, _): return \.configuration
        case (.memoryRead, 0), (.memoryWrite, 0): return \.memory
        case (.ioRead, 2), (.ioWrite, 2): return \.ports
        default:
            throw .parameter(
                10,
                "base address register \(command.baseAddressRegister) is not there"
            )
        }
    }
}
