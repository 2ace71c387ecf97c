/// A request that a device refuses before it looks at its meaning, with the answer that the standard wants.
public struct RequestError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The status to answer with.
    public let status: ManagementStatus

    /// The field at fault, when the status is Invalid Parameter.
    public let parameterErrorLocation: ParameterErrorLocation?

    /// What is wrong, in words.
    public let reason: String

    /// A refusal.
    public init(
        status: ManagementStatus,
        parameterErrorLocation: ParameterErrorLocation? = nil,
        reason: String
    ) {
        self.status = status
        self.parameterErrorLocation = parameterErrorLocation
        self.reason = reason
    }

    /// The status and the reason.
    public var description: String { "\(status): \(reason)" }
}
