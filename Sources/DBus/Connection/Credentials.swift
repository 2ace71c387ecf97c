/// Who is behind a connection, as the bus learnt from the kernel when it connected.
public struct Credentials: Hashable, Sendable {
    /// The user's number; nil when the bus does not know.
    public var userID: UInt32?
    /// The process's number; nil when the bus does not know.
    ///
    /// May have been given to another process since.
    public var processID: UInt32?

    init(_ dictionary: VariantDictionary) {
        userID = dictionary["UnixUserID"]?.decode(UInt32.self)
        processID = dictionary["ProcessID"]?.decode(UInt32.self)
    }
}

/// The credentials of the last callers.
///
/// The bus gives a unique name once and never again, and credentials are those of the time of
/// connecting, so nothing in here can become wrong; it only must not grow.
struct CredentialsCache {
    private static let capacity = 64
    private var entries: [String: Credentials] = [:]
    private var order: [String] = []

    subscript(sender: String) -> Credentials? { entries[sender] }

    mutating func insert(_ credentials: Credentials, for sender: String) {
        // Only a unique name says once and for all who it is.
        guard NameGrammar.isUniqueName(sender) else { return }
        if entries.updateValue(credentials, forKey: sender) == nil { order.append(sender) }
        if order.count > Self.capacity { entries[order.removeFirst()] = nil }
    }
}
