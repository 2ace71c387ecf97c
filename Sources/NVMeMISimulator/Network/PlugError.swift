/// Why a drive cannot be plugged in.
public enum PlugError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There are as many drives as there can be.
    case tooManyDrives(Int)
    /// The description does not fit together.
    case description(String)
    /// Another endpoint has the identifier.
    case identifierTaken(UInt8, network: UInt32)
    /// Every identifier up to 254 is taken.
    case noIdentifierLeft(network: UInt32)

    /// What is wrong, in one sentence.
    public var description: String {
        switch self {
        case .tooManyDrives(let capacity): "there are \(capacity) drives, which is the limit"
        case .description(let reason): reason
        case .identifierTaken(let identifier, let network):
            "endpoint identifier \(identifier) is taken on network \(network)"
        case .noIdentifierLeft(let network):
            "no endpoint identifier is left on network \(network)"
        }
    }
}
