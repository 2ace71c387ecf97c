/// Which signals a subscription is for; what is nil or empty is not looked at.
public struct MatchRule: Hashable, Sendable {
    /// The sender; for a well-known name, whoever owns it when the signal is sent.
    public var sender: BusName?
    /// The interface.
    public var interface: InterfaceName?
    /// The name of the signal.
    public var member: MemberName?
    /// The object that emits.
    public var path: ObjectPath?
    /// The object that emits, or one above it.
    public var pathNamespace: ObjectPath?
    /// Texts (`s`) that arguments are equal to, by position (0 to 63).
    public var arguments: [Int: String]
    /// The first argument as a bus name or interface name, or the beginning of it by whole elements.
    public var firstArgumentNamespace: String?

    /// Makes a rule.
    ///
    /// - Parameters:
    ///   - sender: The sender.
    ///   - interface: The interface.
    ///   - member: The name of the signal.
    ///   - path: The object that emits.
    ///   - pathNamespace: The object that emits, or one above it.
    ///   - arguments: Texts that arguments are equal to, by position.
    ///   - firstArgumentNamespace: The first argument, or the beginning of it.
    public init(
        sender: BusName? = nil,
        interface: InterfaceName? = nil,
        member: MemberName? = nil,
        path: ObjectPath? = nil,
        pathNamespace: ObjectPath? = nil,
        arguments: [Int: String] = [:],
        firstArgumentNamespace: String? = nil
    ) {
        self.sender = sender
        self.interface = interface
        self.member = member
        self.path = path
        self.pathNamespace = pathNamespace
        self.arguments = arguments
        self.firstArgumentNamespace = firstArgumentNamespace
    }
}

extension MatchRule: CustomStringConvertible {
    /// The rule as the bus takes it (D-Bus specification, "Match Rules").
    public var description: String {
        var parts = ["type='signal'"]
        func add(_ key: String, _ value: String?) {
            guard let value else { return }
            // Within quotes only the quote is special.
            let quoted = value.split(separator: "'", omittingEmptySubsequences: false)
                .joined(separator: #"'\''"#)
            parts.append("\(key)='\(quoted)'")
        }
        add("sender", sender?.string)
        add("interface", interface?.string)
        add("member", member?.string)
        add("path", path?.string)
        // The bus takes the root for a path like any other.
        add("path_namespace", pathNamespace == .root ? nil : pathNamespace?.string)
        for (position, text) in arguments.sorted(by: { $0.key < $1.key }) {
            add("arg\(position)", text)
        }
        add("arg0namespace", firstArgumentNamespace)
        return parts.joined(separator: ",")
    }
}

/// The header fields of a signal, taken out once for all subscriptions.
struct SignalHeader {
    let sender: String
    let path: String
    let interface: String
    let member: String

    init(_ signal: Message) {
        sender = signal.sender ?? ""
        path = signal.path?.string ?? ""
        interface = signal.interface ?? ""
        member = signal.member ?? ""
    }
}

extension MatchRule {
    /// Whether a signal fits, apart from its sender.
    func matches(_ signal: Message, _ header: SignalHeader) -> Bool {
        if let interface, interface.string != header.interface { return false }
        if let member, member.string != header.member { return false }
        if let path, path.string != header.path { return false }
        if let pathNamespace {
            let path = ObjectPath(unchecked: header.path)
            guard path == pathNamespace || path.isDescendant(of: pathNamespace) else {
                return false
            }
        }
        guard !arguments.isEmpty || firstArgumentNamespace != nil else { return true }
        let texts = signal.leadingTexts(64)
        for (position, text) in arguments {
            guard texts.indices.contains(position), texts[position] == text else { return false }
        }
        if let namespace = firstArgumentNamespace {
            guard let first = texts.first.flatMap({ $0 }),
                first == namespace || first.hasPrefix(namespace + ".")
            else { return false }
        }
        return true
    }
}

extension Message {
    /// The first arguments as texts; nil for those that are not strings.
    fileprivate func leadingTexts(_ maximum: Int) -> [String?] {
        var reader = MessageReader(self)
        var texts: [String?] = []
        while texts.count < maximum, !reader.isAtEnd {
            if reader.next == .string {
                texts.append(try? reader.text(.string))
            } else {
                texts.append(nil)
                reader.skip()
            }
        }
        return texts
    }
}
