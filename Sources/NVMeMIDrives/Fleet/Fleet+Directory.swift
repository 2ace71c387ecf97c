import EventLoop
import Logging
public import MCTP

/// What the directory of endpoints tells.
extension Fleet {
    /// All endpoints, after the directory appeared or was asked again; those not in the list are gone.
    public func listed(_ found: [FoundEndpoint]) {
        let present = Set(found.map(\.address))
        for endpoint in places.sorted where !present.contains(endpoint.address) {
            // A directory that has just come may not have found everything again.
            guard endpoint.isConfirmed else { continue }
            remove(endpoint, reason: "mctpd does not list it any more")
        }
        let former = formerPlaces
        for endpoint in found {
            let known = places[endpoint.address]
            self.found(endpoint, former)
            if wasDirectoryAway { known?.life.look() }
        }
        wasDirectoryAway = false
        if places.all.allSatisfy(\.isConfirmed) {
            graceTimer?.cancel()
            graceTimer = nil
        }
    }

    /// The directory has found an endpoint, or tells of one again.
    public func found(_ found: FoundEndpoint) {
        self.found(found, found.identity == nil ? [:] : formerPlaces)
    }

    private func found(_ found: FoundEndpoint, _ former: [String: [Endpoint]]) {
        var found = found
        found.physicalAddress = transport.physicalAddress(of: found.address)
        giveUpFormerPlaces(of: found, former)
        guard let known = places[found.address] else {
            add(found)
            return
        }
        if known.found.canBeSameEndpoint(as: found) {
            let wasConfirmed = known.isConfirmed
            known.confirm(found)
            if !wasConfirmed { known.life.look() }
        } else {
            remove(known, reason: "another endpoint took its place")
            add(found)
        }
    }

    /// The endpoints that the directory has not named since its return, by UUID.
    private var formerPlaces: [String: [Endpoint]] {
        var former: [String: [Endpoint]] = [:]
        for endpoint in places.all where !endpoint.isConfirmed {
            if let identity = endpoint.found.identity {
                former[identity, default: []].append(endpoint)
            }
        }
        return former
    }

    /// A drive that the directory, after its return, gave another endpoint ID is not kept where it was.
    ///
    /// Only a place that it has not named again is given up: a drive with several ports has one UUID.
    private func giveUpFormerPlaces(of found: FoundEndpoint, _ former: [String: [Endpoint]]) {
        guard let identity = found.identity else { return }
        for endpoint in former[identity] ?? []
        where !endpoint.isConfirmed && endpoint.address.network == found.address.network
            && endpoint.address != found.address && places[endpoint.address] === endpoint
        {
            remove(endpoint, reason: "it is at \(found.address) now")
        }
    }

    /// The directory has removed an endpoint.
    public func lost(_ address: EndpointAddress) {
        guard let known = places[address] else { return }
        guard known.recovery.isUnderWay else {
            return remove(known, reason: "mctpd removed it")
        }
        known.logger.warning("mctpd could not recover it, and removed it")
        remove(known, reason: "mctpd removed it, as it could not recover it")
    }

    /// The directory tells whether an endpoint can be reached.
    public func connectivityChanged(_ address: EndpointAddress, isConnected: Bool) {
        guard let known = places[address] else { return }
        known.confirm(known.found.with(isConnected: isConnected))
    }

    /// The directory is there; a listing follows.
    public func directoryAppeared() {
        // It is given as long to find everything again as it was given to return.
        if graceTimer != nil { startGrace("mctpd has not found it again") }
    }

    /// The directory has gone; its endpoints may well still be reachable.
    public func directoryVanished() {
        wasDirectoryAway = true
        for endpoint in places.all { endpoint.unconfirm() }
        // The routes are the kernel's: drives can be talked to while mctpd restarts.
        startGrace("mctpd did not come back")
    }

    private func startGrace(_ reason: String) {
        graceTimer?.cancel()
        guard places.count > 0 else { return }
        graceTimer = EventLoop.main.schedule(afterSilence: settings.directoryGrace) { [weak self] in
            guard let self else { return }
            graceTimer = nil
            for endpoint in places.sorted where !endpoint.isConfirmed {
                remove(endpoint, reason: reason)
            }
        }
    }
}
