/// Why a drive cannot be plugged in.
public enum PlugError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There are as many drives as there can be.
    case tooManyDrives(Int)
    /// The description does not fit together.
    case description(String)
    /// Another endpoint has the identifier.
    case identifierTaken(UInt8, network: UInt32)
    /// Not an identifier that an endpoint can have.
    case notAnIdentifier(UInt8)
    /// Nobody can give a silent endpoint an identifier.
    case silentEndpoint(UInt8, network: UInt32)
    /// A drive takes the place of another only with as many managed ports.
    case otherPorts(Int, instead: Int)
    /// Every identifier up to 254 is taken.
    case noIdentifierLeft(network: UInt32)

    /// What is wrong, in one sentence.
    public var description: String {
        switch self {
        case .tooManyDrives(let capacity): "there are \(capacity) drives, which is the limit"
        case .description(let reason): reason
        case .identifierTaken(let identifier, let network):
            "endpoint identifier \(identifier) is taken on network \(network)"
        case .notAnIdentifier(let identifier): "endpoint identifier \(identifier) is not in 8…254"
        case .silentEndpoint(let identifier, let network):
            "endpoint \(identifier) on network \(network) does not answer"
        case .otherPorts(let count, let expected):
            "the drive has \(count) managed ports instead of \(expected)"
        case .noIdentifierLeft(let network):
            "no endpoint identifier is left on network \(network)"
        }
    }
}
