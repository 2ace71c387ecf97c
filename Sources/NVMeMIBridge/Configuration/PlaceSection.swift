import MCTP
import NVMeMIDrives

/// `[place]`: where in the machine the drives at some addresses are.
struct PlaceSection: ConfigurationSection {
    static let header = "[place]"

    private var network: UInt32?
    private var endpoints: ClosedRange<UInt8>?
    private var interface: String?
    private var physicalAddress: [UInt8]?
    private var name: String?
    private var slot: UInt32?

    mutating func assign(_ key: String, _ value: String) -> String? {
        switch key {
        case "network":
            guard let number = UInt32(value), number > 0 else {
                return refusal(of: value, key, "the number of an MCTP network, from 1 on")
            }
            network = number
        case "eid":
            guard let range = Self.range(value) else {
                return refusal(of: value, key, "an endpoint ID from 8 to 254, or two as in 8-15")
            }
            endpoints = range
        case "interface":
            guard Self.isInterface(value) else {
                return refusal(of: value, key, "the name of a network interface, such as mctpi2c6")
            }
            interface = value
        case "address":
            guard let bytes = PhysicalAddress.bytes(value) else {
                return refusal(
                    of: value,
                    key,
                    "a physical address: 0x1d, or 00:1a:2b where it is longer"
                )
            }
            physicalAddress = bytes
        case "name":
            guard PlaceRule.isName(value) else {
                return refusal(of: value, key, "a text of 1 to \(PlaceRule.longestName) characters")
            }
            name = value
        case "slot":
            guard let number = UInt32(value), number <= UInt32(Int32.max) else {
                return refusal(of: value, key, "the number of a slot, from 0 to \(Int32.max)")
            }
            slot = number
        default:
            return ConfigurationFile.unknown(
                key,
                "the keys of \(Self.header) are",
                ["network", "eid", "interface", "address", "name", "slot"]
            )
        }
        return nil
    }

    private func refusal(of value: String, _ key: String, _ allowed: String) -> String {
        "'\(value)' is not a value of '\(key)', which takes \(allowed)"
    }

    private static func range(_ text: String) -> ClosedRange<UInt8>? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
            .map { end in UInt8(end.filter { $0 != " " }) }
        guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil,
            first >= 8, first <= last, last <= 254
        else { return nil }
        return first...last
    }

    /// Whether Linux takes a text for the name of an interface.
    private static func isInterface(_ text: String) -> Bool {
        (1...15).contains(text.utf8.count) && text != "." && text != ".."
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x2F && $0 != 0x3A }
    }

    func finish(_ settings: inout BridgeSettings) -> String? {
        guard endpoints != nil || interface != nil, let name else {
            return "\(Self.header) needs eid or interface, and name: which drives are where"
        }
        guard physicalAddress == nil || interface != nil else {
            return "\(Self.header) has an address; it needs the interface that it is on"
        }
        let rule = PlaceRule(
            network: network,
            endpoints: endpoints,
            interface: interface,
            physicalAddress: physicalAddress,
            name: name,
            slot: slot
        )
        if let count = endpoints?.count, count > 1, !rule.isCounting {
            return
                "\(Self.header) has one name for \(count) endpoint IDs; it has to end with "
                + "the number that the first has, as in 'Bay 0'"
        }
        settings.fleet.places.append(rule)
        return nil
    }

    static let sample = """
        # Where the drives are, for machines on which nobody else tells: by MCTP endpoint ID, or by network
        # interface and physical address, which stay the same when mctpd gives out other endpoint IDs. The
        # kernel tells those of endpoints that are not behind an MCTP bridge; Endpoint1.NetworkInterface and
        # Endpoint1.PhysicalAddress show them. address may be left out where an interface has one drive, and
        # network where there is but one. Of several endpoint IDs the places count on from the number that the
        # name ends with, and so does slot, which may be left out where slots have no numbers. Of several
        # sections that fit, the first holds.
        # Two examples:
        #   \(header)
        #   network = 1
        #   eid = 9-16
        #   name = Bay 0
        #   slot = 0
        #   \(header)
        #   interface = mctpi2c6
        #   address = 0x1d
        #   name = Rear bay

        """
}
