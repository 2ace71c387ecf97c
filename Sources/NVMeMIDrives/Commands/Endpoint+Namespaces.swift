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
