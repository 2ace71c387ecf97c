extension DriveDescription {
    /// Checks what no single key can: that the parts fit together.
    ///
    /// - Throws: ``ValueError`` naming the part that does not fit.
    public func validate() throws(ValueError) {
        guard !ports.isEmpty else { throw ValueError("a drive needs a port") }
        for (index, port) in ports.enumerated() where Int(port.number) != index {
            throw ValueError("port numbers count from 0 without gaps; port \(index) is missing")
        }
        guard ports.contains(where: \.isManaged) else {
            throw ValueError("no port is managed, so nobody can reach the drive")
        }
        guard !controllers.isEmpty else { throw ValueError("a drive needs a controller") }
        for controller in controllers where Int(controller.port) >= ports.count {
            throw ValueError(
                "controller \(controller.identifier) is on port \(controller.port), "
                    + "which does not exist"
            )
        }
        guard controllers.count <= 2_047 else {
            throw ValueError("a drive has at most 2047 controllers")
        }
        try validateNamespaces()
        guard Int(activeFirmwareSlot) <= firmwareRevisions.count,
            !firmwareRevisions[Int(activeFirmwareSlot) - 1].isEmpty
        else {
            throw ValueError("the active firmware slot \(activeFirmwareSlot) is empty")
        }
    }

    private func validateNamespaces() throws(ValueError) {
        var total: UInt64 = 0
        for namespace in namespaces {
            let name = "namespace \(namespace.identifier)"
            guard namespace.identifier <= maximumNamespaces else {
                throw ValueError("\(name) is above maximum-namespaces \(maximumNamespaces)")
            }
            guard Int(namespace.format) < formats.count else {
                throw ValueError("\(name) has format \(namespace.format), which does not exist")
            }
            for controller in namespace.controllers ?? []
            where !controllers.contains(where: { $0.identifier == controller }) {
                throw ValueError(
                    "\(name) is attached to controller \(controller), which does not exist"
                )
            }
            let (sum, overflow) = total.addingReportingOverflow(namespace.size)
            guard !overflow, sum <= capacity else {
                throw ValueError("\(name) does not fit into the capacity of \(capacity) bytes")
            }
            total = sum
        }
    }
}
