import EventLoop

/// How a release of Linux tells message tags apart (`net/mctp/route.c`).
enum KernelTagRules: CaseIterable {
    /// One set for all networks; a request to endpoint ID 0 conflicts only with its like.
    case linux6_1
    /// A set for each network; a request to endpoint ID 0 conflicts with every tag of the network.
    case linux6_12

    /// Whether tags can be reserved by network.
    var hasNetworks: Bool { self == .linux6_12 }
}

/// The tags that are held, of all sockets: what the kernel calls keys.
@LoopActor
struct KernelKeys {
    struct Key {
        let socket: Int32
        let network: UInt32
        let local: UInt8
        let peer: UInt8
        let number: UInt8
        let isReserved: Bool
        let expiry: MonotonicInstant
    }

    /// Any endpoint ID, of this machine or of a peer.
    static let any: UInt8 = 0xFF
    /// How long a tag lasts that the kernel has chosen.
    private static let lifetime = Duration.seconds(6)

    /// The newest first, as the kernel looks them up.
    private var keys: [Key] = []

    var valid: [Key] { keys.filter { $0.expiry > EventLoop.main.now } }

    /// Takes the lowest number without a conflict; nil when there is none.
    mutating func allocate(
        _ rules: KernelTagRules,
        _ socket: Int32,
        _ network: UInt32,
        _ local: UInt8,
        _ destination: UInt8,
        isReserved: Bool
    ) -> UInt8? {
        let peer = destination == 0 ? Self.any : destination
        let taken = Set(
            valid.filter { key in
                switch rules {
                case .linux6_1:
                    return Self.matches(key.peer, peer) && Self.matches(key.local, local)
                case .linux6_12:
                    return key.network == network
                        && (peer == Self.any || Self.matches(key.peer, peer))
                        && (local == Self.any || Self.matches(key.local, local))
                }
            }.map(\.number)
        )
        guard let number = (UInt8(0)..<8).first(where: { !taken.contains($0) }) else { return nil }
        keys.insert(
            Key(
                socket: socket,
                network: network,
                local: local,
                peer: peer,
                number: number,
                isReserved: isReserved,
                expiry: isReserved ? .distantFuture : EventLoop.main.now + Self.lifetime
            ),
            at: 0
        )
        return number
    }

    /// The socket that an answer goes to; a tag that the kernel chose ends with it.
    mutating func receiver(
        _ rules: KernelTagRules,
        _ network: UInt32,
        _ local: UInt8,
        _ source: UInt8,
        _ number: UInt8
    ) -> Int32? {
        keys = valid
        func find(_ peer: UInt8) -> Int? {
            keys.firstIndex { key in
                let isPeer =
                    rules == .linux6_1
                    ? key.peer == peer
                    : key.network == network && Self.matches(key.peer, peer)
                return isPeer && Self.matches(key.local, local) && key.number == number
            }
        }
        if let index = find(source) {
            return keys[index].isReserved ? keys[index].socket : keys.remove(at: index).socket
        }
        return find(Self.any).map { keys[$0].socket }
    }

    /// Whether something can be sent with a reserved tag.
    func isReserved(
        _ rules: KernelTagRules,
        _ socket: Int32,
        _ network: UInt32,
        _ peer: UInt8,
        _ number: UInt8
    ) -> Bool {
        valid.contains { key in
            key.isReserved && key.number == number && Self.matches(key.peer, peer)
                && (rules == .linux6_1 || key.socket == socket && key.network == network)
        }
    }

    /// Releases a reserved tag; returns whether it was there.
    mutating func remove(
        _ rules: KernelTagRules,
        _ socket: Int32,
        _ network: UInt32,
        _ peer: UInt8,
        _ number: UInt8
    ) -> Bool {
        let count = keys.count
        keys.removeAll { key in
            key.isReserved && key.socket == socket && key.peer == peer && key.number == number
                && (rules == .linux6_1 || key.network == network)
        }
        return keys.count < count
    }

    mutating func removeAll(of socket: Int32) { keys.removeAll { $0.socket == socket } }

    mutating func removeAll() { keys = [] }

    private static func matches(_ match: UInt8, _ endpoint: UInt8) -> Bool {
        match == endpoint || match == any
    }
}
