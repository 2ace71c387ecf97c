extension Endpoint {
    /// Has the controllers asked anew for their namespaces and for what they have left, after somebody has changed
    /// that by this endpoint or by another one of the drive.
    public func namespacesMayHaveChanged() {
        for endpoint in [self] + siblings {
            endpoint.life.look(
                at: endpoint.inventory.controllers.map { .controllerIdentity($0.identifier) }
            )
        }
    }
}

extension Endpoint {
    /// Has the controllers asked anew for their namespaces and what these are, after somebody has changed what is in
    /// them by this endpoint or by another one of the drive.
    func contentsMayHaveChanged() {
        for endpoint in [self] + siblings {
            let inventory = endpoint.inventory
            endpoint.life.look(
                at: inventory.namespaces.map { .namespaceIdentity($0.identifier) }
                    + inventory.controllers.map { .controllerIdentity($0.identifier) }
            )
        }
    }
}
