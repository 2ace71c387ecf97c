public import MCTP

/// Where in the machine the drives at some addresses are: the table of a machine on which nobody else tells.
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
    /// The endpoint IDs.
    public var endpoints: ClosedRange<UInt8>
    /// The place of the first of them, such as `Bay 0`; those of the others count on from the number that it ends
    /// with.
    public var name: String

    /// The slot of the first of them, those of the others count on; nil where nobody has said.
    public var slot: UInt32?

    /// A rule of its parts.
    public init(
        network: UInt32? = nil,
        endpoints: ClosedRange<UInt8>,
        name: String,
        slot: UInt32? = nil
    ) {
        self.slot = slot
        self.network = network
        self.endpoints = endpoints
        self.name = name
    }

    /// Whether each endpoint has a place of its own: one does not, where the name does not end with a number.
    public var isCounting: Bool { !digits.isEmpty }

    /// The place of an endpoint; nil when the rule does not say.
    public func place(of address: EndpointAddress) -> String? {
        guard network.map({ $0 == address.network.rawValue }) ?? true,
            endpoints.contains(address.endpoint.rawValue)
        else { return nil }
        let distance = UInt64(address.endpoint.rawValue - endpoints.lowerBound)
        guard let first = UInt64(digits) else { return name }
        let (number, isOver) = first.addingReportingOverflow(distance)
        guard !isOver else { return name }
        let padding = max(0, digits.count - "\(number)".count)
        return name.dropLast(digits.count) + String(repeating: "0", count: padding) + "\(number)"
    }

    /// The slot of an endpoint; nil when the rule does not say.
    public func slot(of address: EndpointAddress) -> UInt32? {
        guard let slot, place(of: address) != nil else { return nil }
        let (number, isOver) = slot.addingReportingOverflow(
            UInt32(address.endpoint.rawValue - endpoints.lowerBound)
        )
        return isOver ? nil : number
    }

    private var digits: String {
        String(name.reversed().prefix { $0.isASCII && $0.isNumber }.reversed())
    }
}
