import MCTP

/// Where in the machine the drives at some addresses are: the table of a machine on which nobody else tells.
///
/// All that a rule names of an endpoint has to fit.
public struct PlaceRule: Equatable, Sendable {
    /// How many characters the name of a place has at most.
    public static let longestName = 64

    /// Whether a text can be that of a place: people read it, in lines of the log among others.
    public static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.unicodeScalars.count <= longestName
            && !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }

    /// The MCTP network; nil for any.
    public var network: UInt32?
    /// The endpoint IDs; nil for any.
    public var endpoints: ClosedRange<UInt8>?
    /// The network interface; nil for any.
    public var interface: String?
    /// The physical address; nil for any.
    public var physicalAddress: [UInt8]?
    /// The place of the first of the endpoint IDs, such as `Bay 0`; those of the others count on from the number
    /// that it ends with.
    public var name: String
    /// The slot of the first of them, those of the others count on; nil where nobody has said.
    public var slot: UInt32?

    /// A rule of its parts.
    public init(
        network: UInt32? = nil,
        endpoints: ClosedRange<UInt8>? = nil,
        interface: String? = nil,
        physicalAddress: [UInt8]? = nil,
        name: String,
        slot: UInt32? = nil
    ) {
        self.network = network
        self.endpoints = endpoints
        self.interface = interface
        self.physicalAddress = physicalAddress
        self.name = name
        self.slot = slot
    }

    /// Whether each endpoint has a place of its own: one does not, where the name does not end with a number.
    public var isCounting: Bool { !digits.isEmpty }

    private func fits(_ endpoint: FoundEndpoint) -> Bool {
        let physical = endpoint.physicalAddress
        return network.map { $0 == endpoint.address.network.rawValue } ?? true
            && endpoints.map { $0.contains(endpoint.address.endpoint.rawValue) } ?? true
            && interface.map { $0 == physical?.interface } ?? true
            && physicalAddress.map { $0 == physical?.bytes } ?? true
    }

    /// How many endpoint IDs are before that of an endpoint that fits.
    private func distance(_ endpoint: FoundEndpoint) -> UInt8 {
        endpoints.map { endpoint.address.endpoint.rawValue - $0.lowerBound } ?? 0
    }

    /// The place of an endpoint; nil when the rule does not say.
    public func place(of endpoint: FoundEndpoint) -> String? {
        guard fits(endpoint) else { return nil }
        guard let first = UInt64(digits) else { return name }
        let (number, isOver) = first.addingReportingOverflow(UInt64(distance(endpoint)))
        guard !isOver else { return name }
        let padding = max(0, digits.count - "\(number)".count)
        return name.dropLast(digits.count) + String(repeating: "0", count: padding) + "\(number)"
    }

    /// The slot of an endpoint; nil when the rule does not say.
    public func slot(of endpoint: FoundEndpoint) -> UInt32? {
        guard let slot, fits(endpoint) else { return nil }
        let (number, isOver) = slot.addingReportingOverflow(UInt32(distance(endpoint)))
        return isOver ? nil : number
    }

    private var digits: String {
        String(name.reversed().prefix { $0.isASCII && $0.isNumber }.reversed())
    }
}
