internal import EventLoop
internal import Glibc

/// Reserves message tags at the kernel and releases them, and leaves at least two of the eight numbers to
/// others whatever the load.
///
/// A bus owner asks an endpoint by its physical address, with destination 0; the answer can come from any
/// endpoint. How the kernel chooses a number for that, and who gets the answer, depends on its release:
///
/// - Where tags belong to a network (seen on 6.12), every number that anybody holds in the network is out of
///   the question: with eight of them held, of whatever endpoints, the bus owner is told that the kernel is
///   busy, and forgets a healthy endpoint. Here only the six lowest numbers are used, for every endpoint the
///   same, so that the number of endpoints does not matter.
/// - Before (seen on 6.1), the tags of all networks are one set, and the request has the lowest number that no
///   other such request has, also if it is held for the endpoint. The answer goes to who holds it. Here the two
///   lowest numbers are not used, which are those that such requests have.
@LoopActor
final class KernelTagStore {
    /// A tag that the kernel has reserved.
    struct ReservedTag {
        /// Number and flags, as they are sent with.
        let value: UInt8
        /// The network that it was reserved for; nil for the kernel's older call.
        let network: NetworkID?

        var number: UInt8 { value & 0x07 }
    }

    /// Which way of reserving tags this kernel has.
    private enum Way {
        case unknown
        /// By network.
        case byNetwork
        /// Without a word of networks: tags of all of them are one set.
        case oneSet
        /// None: the kernel chooses tags when something is sent.
        case none
    }

    private let calls: KernelCalls
    private let descriptor: Int32
    private var way = Way.unknown

    init(of descriptor: Int32, _ calls: KernelCalls) {
        self.descriptor = descriptor
        self.calls = calls
    }

    /// Numbers that may be held for longer than it takes to reserve another one.
    private var usable: ClosedRange<UInt8> {
        switch way {
        case .byNetwork: 0...5
        case .oneSet: 2...7
        case .unknown, .none: 2...5
        }
    }

    /// Whether two endpoints take their tags from one set of eight.
    func isOneSet(_ left: EndpointAddress, _ right: EndpointAddress) -> Bool {
        guard left.endpoint == right.endpoint else { return false }
        return way != .byNetwork || left.network == right.network
            || left.network == .unspecified || right.network == .unspecified
    }

    /// Reserves a tag towards an endpoint.
    ///
    /// - Parameters:
    ///   - address: The endpoint.
    ///   - unwanted: Numbers that are taken only if there are no others.
    /// - Returns: The tag; nil when the kernel cannot reserve any.
    /// - Throws: The kernel's error; EBUSY also when only numbers are left that others need.
    func reserve(
        for address: EndpointAddress,
        unwanted: Set<UInt8>
    ) throws(SystemCallError) -> ReservedTag? {
        // Network 0 would be resolved for reserving, but not for releasing.
        if way != .oneSet, way != .none, address.network != .unspecified {
            do throws(SystemCallError) {
                let tag = try allocate(for: address, address.network)
                way = .byNetwork
                return try choose(tag, for: address, unwanted)
            } catch {
                guard way == .unknown, Self.isUnknownCall(error.errno) else { throw error }
            }
        }
        guard way != .none, way != .byNetwork || address.network == .unspecified else { return nil }
        do throws(SystemCallError) {
            let tag = try allocate(for: address, nil)
            if address.network != .unspecified { way = .oneSet }
            return try choose(tag, for: address, unwanted)
        } catch {
            guard way == .unknown, Self.isUnknownCall(error.errno) else { throw error }
            way = .none
            return nil
        }
    }

    /// Finds out whether the kernel would choose a usable number towards an endpoint.
    ///
    /// - Throws: EBUSY when it would not; other errors of the kernel.
    func requireRoom(for address: EndpointAddress) throws(SystemCallError) {
        // There, what the kernel chooses keeps no other number from the bus owner.
        guard way != .oneSet else { return }
        if let tag = try reserve(for: address, unwanted: []) { release(tag, address) }
    }

    /// Exchanges a tag for one that can be used; the kernel always hands out the lowest number.
    private func choose(
        _ first: ReservedTag,
        for address: EndpointAddress,
        _ unwanted: Set<UInt8>
    ) throws(SystemCallError) -> ReservedTag {
        var tag = first
        var aside: [ReservedTag] = []
        defer { for tag in aside { release(tag, address) } }
        while tag.number < usable.lowerBound || unwanted.contains(tag.number) {
            aside.append(tag)
            do throws(SystemCallError) {
                tag = try allocate(for: address, first.network)
            } catch {
                return try takeUnwanted(from: &aside, instead: error)
            }
        }
        if usable.contains(tag.number) { return tag }
        aside.append(tag)
        let busy = SystemCallError(operation: "reserve a tag", errno: Errno(rawValue: EBUSY))
        return try takeUnwanted(from: &aside, instead: busy)
    }

    private func takeUnwanted(
        from aside: inout [ReservedTag],
        instead error: SystemCallError
    ) throws(SystemCallError) -> ReservedTag {
        guard error.errno.rawValue == EBUSY,
            let index = aside.firstIndex(where: { usable.contains($0.number) })
        else { throw error }
        return aside.remove(at: index)
    }

    private func allocate(
        for address: EndpointAddress,
        _ network: NetworkID?
    ) throws(SystemCallError) -> ReservedTag {
        let call = network == nil ? "SIOCMCTPALLOCTAG" : "SIOCMCTPALLOCTAG2"
        let tag = try systemCall(call) { calls.allocateTag(descriptor, network, address.endpoint) }
        return ReservedTag(value: UInt8(truncatingIfNeeded: tag), network: network)
    }

    /// Whether this may mean that the kernel does not have the call: AF_MCTP says EINVAL to unknown ones.
    private static func isUnknownCall(_ errno: Errno) -> Bool {
        [EINVAL, ENOTTY, EOPNOTSUPP].contains(errno.rawValue)
    }

    /// Releases a tag.
    func release(_ tag: ReservedTag, _ address: EndpointAddress) {
        // Fails only when the kernel has dropped the tag by itself, which is as good.
        _ = calls.dropTag(descriptor, tag.network, address.endpoint, tag.value)
    }
}
