public import NVMeMIDevice

/// What becomes of drives and of their addresses while the bus owner looks away or takes part.
extension SimulatedNetwork {
    /// Gives an endpoint another identifier, as a bus owner does.
    ///
    /// - Parameters:
    ///   - endpoint: The endpoint.
    ///   - identifier: Its identifier from now on.
    /// - Throws: ``PlugError`` when it cannot have that identifier.
    public func changeIdentifier(
        of endpoint: SimulatedEndpoint,
        to identifier: UInt8
    ) throws(PlugError) {
        let old = endpoint.identifier
        guard (8...254).contains(identifier) else { throw .notAnIdentifier(identifier) }
        guard identifier != ownIdentifier, self.endpoint(identifier, on: endpoint.network) == nil
        else { throw .identifierTaken(identifier, network: endpoint.network) }
        guard endpoint.isReachable else { throw .silentEndpoint(old, network: endpoint.network) }
        endpoints[Address(network: endpoint.network, identifier: old)] = nil
        endpoints[Address(network: endpoint.network, identifier: identifier)] = endpoint
        endpoint.identifier = identifier
        endpoint.isAssigned = true
        notify { $0.identifierChanged(of: endpoint, from: old) }
        endpoint.drive.onChange?()
    }

    /// Puts another drive in the place of one, at the same addresses; the bus owner does not notice.
    ///
    /// - Parameters:
    ///   - drive: The drive that goes.
    ///   - description: What the other drive is.
    ///   - faults: What is wrong with it from the start.
    ///   - keepsIdentifiers: Whether it has the identifiers of its predecessor already; otherwise it
    ///     has none, and is silent until it is given them.
    /// - Returns: The other drive.
    /// - Throws: ``PlugError`` when it does not fit there; then the first one stays.
    @discardableResult
    public func swap(
        _ drive: SimulatedDrive,
        for description: DriveDescription,
        faults: [Fault] = [],
        keepsIdentifiers: Bool
    ) throws(PlugError) -> SimulatedDrive {
        guard let index = drives.firstIndex(where: { $0 === drive }) else {
            throw .description("the drive is not plugged in")
        }
        let ports = description.ports.count(where: \.isManaged)
        guard ports == drive.endpoints.count else {
            throw .otherPorts(ports, instead: drive.endpoints.count)
        }
        var description = description
        description.network = drive.endpoints.first?.network
        let successor = try make(description, faults: faults) { _ in
            drive.endpoints.map(\.identifier)
        }
        for endpoint in successor.endpoints { endpoint.isAssigned = keepsIdentifiers }
        drives[index] = successor
        notify { $0.driveWasSwapped(drive, for: successor) }
        drive.close()
        return successor
    }
}
