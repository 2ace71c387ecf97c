internal import NVMeMI

/// Configuration of asynchronous events, and the events themselves.
extension CommandContext {
    func eventSupport() throws(RequestError) -> ManagementReply {
        guard endpoint.description.supportsAsynchronousEvents else {
            throw .parameter(8, "the port sends no asynchronous events")
        }
        let settings = AsynchronousEventIdentifier.supported.map {
            AsynchronousEventSetting($0, isEnabled: endpoint.events.isEnabled($0))
        }
        return ConfigurationGet.AsynchronousEvents()
            .writeReply(AsynchronousEventSupport(AsynchronousEventList(settings)))
    }

    func configureEvents() throws(RequestError) -> ManagementReply {
        guard endpoint.description.supportsAsynchronousEvents else {
            throw .parameter(8, "the port sends no asynchronous events")
        }
        let command = try ConfigurationSet.AsynchronousEvents(request: request)
        guard !command.events.settings.isEmpty else {
            return command.writeReply(endpoint.events.acknowledge())
        }
        guard command.events.version == 0,
            command.events.settings.allSatisfy({
                AsynchronousEventIdentifier.supported.contains($0.event)
            })
        else { throw .parameter(16, "an event of the list is not supported") }
        endpoint.events.synchronize(command, from: requester)
        let state = AsynchronousEventIdentifier.supported.filter(endpoint.events.isEnabled)
            .flatMap { drive.occurrences(of: $0, for: endpoint) }
        return command.writeReply(AsynchronousEventOccurrences(state))
    }
}

extension AsynchronousEventIdentifier {
    /// The events that the simulated drive can tell of.
    static let supported: [AsynchronousEventIdentifier] = [
        .controllerReady, .controllerFatalStatus, .shutdownStatus, .controllerEnable,
        .namespaceAttributeChanged, .firmwareActivated, .compositeTemperature,
        .percentageDriveLifeUsed, .availableSpare, .smartWarnings, .sanitizeFailureMode,
    ]
}
