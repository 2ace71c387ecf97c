/// Who is behind a connection, as the bus learnt from the kernel when it connected.
public struct Credentials: Hashable, Sendable {
    /// The user's number; nil when the bus does not know.
    public var userID: UInt32?
    /// The numbers of the groups that the user's process was in; empty when the bus does not tell.
    public var groupIDs: [UInt32] = []
    /// The process's number; nil when the bus does not know.
    ///
    /// May have been given to another process since.
    public var processID: UInt32?

    /// Of somebody of whom nothing is known.
    public init() {}

    init(_ dictionary: VariantDictionary) {
        userID = dictionary["UnixUserID"]?.decode(UInt32.self)
        groupIDs = dictionary["UnixGroupIDs"]?.decode([UInt32].self) ?? []
        processID = dictionary["ProcessID"]?.decode(UInt32.self)
    }

    /// Whether it is the superuser.
    public var isRoot: Bool { userID == 0 }
}

extension Credentials: CustomStringConvertible {
    /// The user in words.
    public var description: String { userID.map { "user \($0)" } ?? "an unknown user" }
}

/// The credentials of the last callers.
///
/// The bus gives a unique name once and never again, and credentials are those of the time of
/// connecting, so nothing in here can become wrong; it only must not grow.
struct CredentialsCache {
    private static let capacity = 256
    private var entries: [String: Credentials] = [:]
    private var order: [String] = []
    private var oldest = 0

    subscript(sender: String) -> Credentials? { entries[sender] }

    mutating func insert(_ credentials: Credentials, for sender: String) {
        // Only a unique name says once and for all who it is.
        guard NameGrammar.isUniqueName(sender),
            entries.updateValue(credentials, forKey: sender) == nil
        else { return }
        if order.count < Self.capacity {
            order.append(sender)
        } else {
            entries[order[oldest]] = nil
            order[oldest] = sender
            oldest = (oldest + 1) % Self.capacity
        }
    }
}
