internal import NVMeMI

extension Drive {
    /// Tells every endpoint's requester of a change.
    func report(_ change: ControllerStatusFlags, controller: Int?) {
        let events: [(ControllerStatusFlags, AsynchronousEventIdentifier)] = [
            (.ready, .controllerReady), (.fatalStatus, .controllerFatalStatus),
            (.shutdownStatus, .shutdownStatus), (.controllerEnable, .controllerEnable),
            (.firmwareActivated, .firmwareActivated),
            (.compositeTemperature, .compositeTemperature),
            (.percentageUsed, .percentageDriveLifeUsed), (.availableSpare, .availableSpare),
            (.criticalWarning, .smartWarnings),
        ]
        for endpoint in endpoints where endpoint.events.subscriber != nil {
            for (flag, event) in events where change.contains(flag) {
                for occurrence in occurrences(of: event, for: endpoint, controller: controller) {
                    endpoint.events.add(occurrence, at: now)
                }
            }
        }
    }

    /// Tells every endpoint's requester of an event of the subsystem that no flag stands for.
    func report(_ event: AsynchronousEventIdentifier) {
        for endpoint in endpoints {
            for occurrence in occurrences(of: event, for: endpoint) {
                endpoint.events.add(occurrence, at: now)
            }
        }
    }

    /// Tells every endpoint's requester that attributes of a namespace changed.
    func reportChange(ofNamespace identifier: UInt32) {
        for endpoint in endpoints {
            endpoint.events.add(
                .init(
                    .namespaceAttributeChanged,
                    scope: .namespace,
                    scopeIdentifier: identifier
                ),
                at: now
            )
        }
    }

    /// An event as it is now: one occurrence, or one for each controller that is covered.
    func occurrences(
        of event: AsynchronousEventIdentifier,
        for endpoint: ManagementEndpoint,
        controller: Int? = nil
    ) -> [AsynchronousEventOccurrences.Occurrence] {
        func subsystem(_ byte: UInt8) -> [AsynchronousEventOccurrences.Occurrence] {
            [.init(event, scope: .subsystem, specificInformation: [byte])]
        }
        func each(
            _ information: (ControllerState) -> UInt8
        ) -> [AsynchronousEventOccurrences.Occurrence] {
            controllers.indices.filter { index in
                index == controller ?? index
                    && endpoint.events.covers(controllers[index].functionKind)
            }.map { index in
                .init(
                    event,
                    scope: .controller,
                    scopeIdentifier: UInt32(controllers[index].identifier),
                    specificInformation: [information(controllers[index])]
                )
            }
        }
        switch event {
        case .controllerReady: return each { $0.isReady ? 1 : 0 }
        case .controllerFatalStatus: return each { $0.hasFatalStatus ? 1 : 0 }
        case .shutdownStatus: return each { $0.shutdownStatus }
        case .controllerEnable: return each { $0.isEnabled ? 1 : 0 }
        case .firmwareActivated:
            return each { _ in self.firmware.active | (self.firmware.next ?? 0) << 4 }
        case .compositeTemperature:
            return subsystem(CompositeTemperature(celsius: health.values.temperature).rawValue)
        case .percentageDriveLifeUsed: return subsystem(health.values.percentageUsed)
        case .availableSpare: return subsystem(health.values.availableSpare)
        case .smartWarnings: return subsystem(health.criticalWarning)
        case .sanitizeFailureMode: return subsystem(sanitize.isInFailureMode ? 1 : 0)
        // A namespace that changed is an event without a state.
        default: return []
        }
    }
}
