import NVMeMIDrives

/// `[place]`: where in the machine the drives at some addresses are.
struct PlaceSection: ConfigurationSection {
    static let header = "[place]"

    private var network: UInt32?
    private var endpoints: ClosedRange<UInt8>?
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
                ["network", "eid", "name", "slot"]
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

    func finish(_ settings: inout BridgeSettings) -> String? {
        guard let endpoints, let name else {
            return "\(Self.header) needs eid and name: which drives are where"
        }
        let rule = PlaceRule(network: network, endpoints: endpoints, name: name, slot: slot)
        guard endpoints.count == 1 || rule.isCounting else {
            return
                "\(Self.header) has one name for \(endpoints.count) endpoint IDs; it has to end with "
                + "the number that the first has, as in 'Bay 0'"
        }
        settings.fleet.places.append(rule)
        return nil
    }

    static let sample = """
        # Where the drives are, for machines on which nobody else tells: the place of the drive at an MCTP
        # endpoint ID, or at several, whose places then count on from the number that the name ends with.
        # network may be left out where there is but one; slot, which counts on as well, where slots have no
        # numbers. Of several sections that fit, the first holds.
        # An example:
        #   \(header)
        #   network = 1
        #   eid = 9-16
        #   name = Bay 0
        #   slot = 0

        """
}
