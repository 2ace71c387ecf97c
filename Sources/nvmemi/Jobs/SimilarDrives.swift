/// The drives that one firmware image is for: those of the model of a named one that run the same revision.
struct SimilarDrives {
    /// One of them, by the endpoint that commands take.
    struct Member: Equatable, Sendable {
        var endpoint: Inventory.Endpoint
        var controller: Inventory.Object

        var label: DriveLabel { DriveLabel(endpoint) }
        var target: Target { Target(endpoint: endpoint, controller: controller) }
    }

    var model: String
    var revision: String
    /// In the order of their addresses, the named one among them.
    var members: [Member]

    /// Looks for the drives like the one that is named.
    ///
    /// - Throws: `Failure` when it does not tell what it is.
    init(like name: EndpointName, in inventory: Inventory) throws(Failure) {
        let named = try inventory.endpoint(named: name)
        guard let model = named.text("ModelNumber"), let revision = named.text("FirmwareRevision")
        else {
            throw Failure(
                .failed,
                "Endpoint \(named.address) does not tell its model and firmware, so that no drive is known to be like it."
            )
        }
        self.model = model
        self.revision = revision
        members = inventory.drives.compactMap { drive in
            // The way that was named is as good as another.
            let way = drive.endpoints.first { $0.path == named.path } ?? drive.endpoints.first
            guard let way, way.text("ModelNumber") == model,
                way.text("FirmwareRevision") == revision,
                let controller = way.controllers.first
            else { return nil }
            return Member(endpoint: way, controller: controller)
        }
    }
}

extension Inventory.Endpoint {
    fileprivate func text(_ name: String) -> String? { property(name)?.nonEmptyText }
}
