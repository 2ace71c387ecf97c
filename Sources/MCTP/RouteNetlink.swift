internal import CLinux

/// What Linux tells of its network interfaces and neighbours (rtnetlink(7)), as far as MCTP has to do with it.
///
/// All numbers are in the machine's own byte order.
package enum RouteNetlink {
    /// An interface that carries MCTP.
    package struct Interface: Equatable, Sendable {
        let index: Int32
        let name: String
        let network: NetworkID
    }

    /// What the kernel knows of who is at the other end of an interface.
    package struct Neighbour: Equatable, Sendable {
        let index: Int32
        let endpoint: EndpointID
        let address: [UInt8]
    }

    /// A question for a list.
    package enum Question: CaseIterable, Sendable {
        case interfaces, neighbours

        /// Its message.
        package var message: [UInt8] {
            switch self {
            case .interfaces:
                // Statistics are most of what is told of an interface, and nobody wants them.
                Self.message(
                    UInt16(RTM_GETLINK),
                    family: UInt8(AF_UNSPEC),
                    length: MemoryLayout<ifinfomsg>.size,
                    attributes: RouteNetlink.bytes(UInt16(8))
                        + RouteNetlink.bytes(UInt16(IFLA_EXT_MASK))
                        + RouteNetlink.bytes(UInt32(RTEXT_FILTER_SKIP_STATS))
                )
            case .neighbours:
                Self.message(
                    UInt16(RTM_GETNEIGH),
                    family: UInt8(AF_MCTP),
                    length: MemoryLayout<ndmsg>.size,
                    attributes: []
                )
            }
        }

        private static func message(
            _ type: UInt16,
            family: UInt8,
            length: Int,
            attributes: [UInt8]
        ) -> [UInt8] {
            let size = headerSize + length + attributes.count
            let flags = UInt16(NLM_F_REQUEST) | UInt16(NLM_F_ROOT) | UInt16(NLM_F_MATCH)
            return RouteNetlink.bytes(UInt32(size)) + RouteNetlink.bytes(type)
                + RouteNetlink.bytes(flags)
                // Sequence number and sender: one question is asked on a socket.
                + [UInt8](repeating: 0, count: 8)
                + [family] + [UInt8](repeating: 0, count: length - 1) + attributes
        }
    }

    /// Whether messages of an answer end it: with its end, or with an error.
    package static func isEnd(_ messages: [UInt8]) -> Bool {
        var isEnd = false
        forEachMessage(in: messages) { type, _ in
            if type == UInt16(NLMSG_DONE) || type == UInt16(NLMSG_ERROR) { isEnd = true }
        }
        return isEnd
    }

    /// The interfaces in an answer; what is malformed is left out.
    package static func interfaces(in messages: [UInt8]) -> [Interface] {
        var found: [Interface] = []
        forEachMessage(in: messages) { type, body in
            guard type == UInt16(RTM_NEWLINK), body.count >= MemoryLayout<ifinfomsg>.size,
                let index = number(Int32.self, in: body, at: 4)
            else { return }
            var name: String?
            var network: NetworkID?
            forEachAttribute(in: body.dropFirst(MemoryLayout<ifinfomsg>.size)) { kind, value in
                switch kind {
                case UInt16(IFLA_IFNAME):
                    name = String(decoding: value.prefix { $0 != 0 }, as: UTF8.self)
                case UInt16(IFLA_AF_SPEC): network = self.network(in: value)
                default: break
                }
            }
            if let name, let network {
                found.append(Interface(index: index, name: name, network: network))
            }
        }
        return found
    }

    /// The network in what an interface tells of each family of addresses; nil when MCTP is not among them.
    private static func network(in families: ArraySlice<UInt8>) -> NetworkID? {
        var network: NetworkID?
        forEachAttribute(in: families) { family, value in
            guard family == UInt16(AF_MCTP) else { return }
            forEachAttribute(in: value) { kind, value in
                guard kind == UInt16(IFLA_MCTP_NET) else { return }
                network = number(UInt32.self, in: value, at: 0).map { NetworkID($0) }
            }
        }
        return network
    }

    /// The neighbours in an answer; what is malformed is left out.
    package static func neighbours(in messages: [UInt8]) -> [Neighbour] {
        var found: [Neighbour] = []
        forEachMessage(in: messages) { type, body in
            guard type == UInt16(RTM_NEWNEIGH), body.count >= MemoryLayout<ndmsg>.size,
                body.first == UInt8(AF_MCTP), let index = number(Int32.self, in: body, at: 4)
            else { return }
            var endpoint: EndpointID?
            var address: [UInt8] = []
            forEachAttribute(in: body.dropFirst(MemoryLayout<ndmsg>.size)) { kind, value in
                switch kind {
                case UInt16(NDA_DST): endpoint = value.first.map { EndpointID($0) }
                case UInt16(NDA_LLADDR): address = Array(value.prefix(PhysicalAddress.longest))
                default: break
                }
            }
            if let endpoint {
                found.append(Neighbour(index: index, endpoint: endpoint, address: address))
            }
        }
        return found
    }

    // MARK: Form

    private static let headerSize = MemoryLayout<nlmsghdr>.size
    private static let attributeHeaderSize = 4
    /// The bits of an attribute's type that say something about its value.
    private static let attributeFlags: UInt16 = 0xC000

    private static func forEachMessage(
        in bytes: [UInt8],
        _ body: (_ type: UInt16, _ body: ArraySlice<UInt8>) -> Void
    ) {
        var rest = bytes[...]
        while let length = number(UInt32.self, in: rest, at: 0),
            let type = number(UInt16.self, in: rest, at: 4),
            length >= UInt32(headerSize), length <= UInt32(clamping: rest.count)
        {
            body(type, rest.prefix(Int(length)).dropFirst(headerSize))
            rest = rest.dropFirst(aligned(Int(length)))
        }
    }

    private static func forEachAttribute(
        in bytes: ArraySlice<UInt8>,
        _ body: (_ kind: UInt16, _ value: ArraySlice<UInt8>) -> Void
    ) {
        var rest = bytes
        while let length = number(UInt16.self, in: rest, at: 0),
            let kind = number(UInt16.self, in: rest, at: 2),
            length >= UInt16(attributeHeaderSize), Int(length) <= rest.count
        {
            body(kind & ~attributeFlags, rest.prefix(Int(length)).dropFirst(attributeHeaderSize))
            rest = rest.dropFirst(aligned(Int(length)))
        }
    }

    /// Messages and attributes begin at multiples of four bytes; the last one need not be filled up.
    private static func aligned(_ length: Int) -> Int { (length + 3) & ~3 }

    private static func number<Number: FixedWidthInteger>(
        _ type: Number.Type,
        in bytes: ArraySlice<UInt8>,
        at offset: Int
    ) -> Number? {
        let size = MemoryLayout<Number>.size
        guard bytes.count >= offset + size else { return nil }
        return bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: Number.self) }
    }

    private static func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number) { Array($0) }
    }
}
