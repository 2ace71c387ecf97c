/// The device answered, and the answer is no.
public struct DeviceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Name of the command.
    public let command: String

    /// The status of NVMe-MI; `success` when the NVMe status of an Admin command is the trouble.
    public let status: ManagementStatus

    /// The field of the request that was refused, when the device says so.
    public let parameterErrorLocation: ParameterErrorLocation?

    /// The name of that field, when the declaration of the command has one there.
    public let parameter: String?

    /// The status of an Admin command whose message was accepted.
    public let nvmeStatus: NVMeStatus?

    /// An answer to a command.
    public init(
        command: CommandDeclaration,
        status: ManagementStatus,
        parameterErrorLocation: ParameterErrorLocation? = nil,
        nvmeStatus: NVMeStatus? = nil
    ) {
        self.command = command.name
        self.status = status
        self.parameterErrorLocation = parameterErrorLocation
        self.parameter = parameterErrorLocation?.field(in: command.requestFields)?.name
        self.nvmeStatus = nvmeStatus
    }

    /// Command, status in words and number, and the field that was refused.
    public var description: String { "\(command): \(outcome)" }

    /// Status in words and number, and the field that was refused.
    public var outcome: String {
        if let nvmeStatus { return "\(nvmeStatus)" }
        guard let location = parameterErrorLocation else { return "\(status)" }
        return "\(status) at \(parameter.map { "\($0) (\(location))" } ?? "\(location)")"
    }
}
