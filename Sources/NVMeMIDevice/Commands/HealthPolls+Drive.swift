internal import NVMeMI

/// What the two health polls tell, and what they clear.
extension CommandContext {
    func subsystemHealth(_ command: SubsystemHealthStatusPoll) -> SubsystemHealth {
        var reply = SubsystemHealth()
        var status: SubsystemStatus = [.driveFunctional, .resetNotRequired]
        // The two PCIe ports that the status has bits for are the first two there are.
        let links = drive.description.ports.lazy.filter { $0.kind == .pcie }.prefix(2)
        for (link, flag) in zip(links, [SubsystemStatus.port0LinkActive, .port1LinkActive])
        where link.isLinkActive {
            status.insert(flag)
        }
        if drive.controllers.contains(where: \.hasFatalStatus) { status.remove(.resetNotRequired) }
        if drive.description.managementVersion.major >= 2, drive.sanitize.status == .failed {
            status.insert(.sanitizeFailureMode)
        }
        reply.status = status
        reply.invertedWarnings = ~drive.health.criticalWarning
        reply.temperature = CompositeTemperature(celsius: drive.health.values.temperature)
        reply.percentageUsed = drive.health.values.percentageUsed
        reply.compositeControllerStatus = endpoint.compositeFlags
        if command.clearsStatus { endpoint.compositeFlags = [] }
        return reply
    }
}
