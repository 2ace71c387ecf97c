import DBus
import EventLoop
import NVMeMI

extension Interface where Object == Endpoint {
    /// What the health polls of an endpoint have brought.
    static let health = Interface(
        "xyz.openbmc_project.NVMeMI.Health1",
        documentation: """
            The health of an NVM subsystem as the bridge polls it, without clearing the change flags. \
            Before the first answer Updated is 0 and the others are those of a drive without any trouble, \
            a temperature or wear. The values stay while \
            the endpoint does not answer: Updated tells how old they are.
            """
    ) {
        Property(
            "Updated",
            "When the last poll was answered, in milliseconds of Unix time.",
            .noSignal
        ) { (endpoint: Endpoint) in endpoint.health.updated }
        Property(
            "Changed",
            "When a poll last said something new, in milliseconds of Unix time.",
            .emitsChange
        ) { (endpoint: Endpoint) in endpoint.health.changed }
        Property(
            "PollInterval",
            """
            Time from one poll to the next in milliseconds, up to 86400000; 0 polls never. What is set \
            here holds until the configuration is read again.
            """,
            .emitsChange
        ) { (endpoint: Endpoint) in
            UInt32(clamping: endpoint.health.interval.inMilliseconds)
        } set: { (endpoint: Endpoint, _: Invocation, milliseconds: UInt32) in
            let allowed = DriveSettings.healthIntervals
            guard let milliseconds = Int32(exactly: milliseconds), allowed.contains(milliseconds)
            else {
                throw BusErrors.invalidArgument(
                    "PollInterval cannot be \(milliseconds); it takes 0 to \(allowed.upperBound) "
                        + "milliseconds"
                )
            }
            endpoint.changeHealthPolling {
                $0.clientsInterval = .milliseconds(Int64(milliseconds))
            }
        }
        Property(
            "PollingPaused",
            "Whether a client has paused the polls (see EndpointControl1.PauseHealthPolling).",
            .emitsChange
        ) { (endpoint: Endpoint) in endpoint.health.isPaused }
        Property("DriveFunctional", "Whether the subsystem works.", .emitsChange) {
            (endpoint: Endpoint) in endpoint.polledHealth.status.contains(.driveFunctional)
        }
        Property(
            "ResetRequired",
            "Whether the subsystem needs a reset to work.",
            .emitsChange
        ) { (endpoint: Endpoint) in !endpoint.polledHealth.status.contains(.resetNotRequired) }
        Property(
            "SanitizeFailureMode",
            "Whether a sanitize operation failed and restricts what works.",
            .emitsChange
        ) { (endpoint: Endpoint) in endpoint.polledHealth.status.contains(.sanitizeFailureMode) }
        Property("SMARTWarnings", "The critical warnings, by name.", .emitsChange) {
            (endpoint: Endpoint) in endpoint.polledHealth.warnings.setNames
        }
        Property(
            "CompositeTemperature",
            "In degrees Celsius; 0 when CompositeTemperatureState is not Measured.",
            .emitsChange
        ) { (endpoint: Endpoint) in endpoint.polledHealth.temperature.celsius ?? 0 }
        Property(
            "CompositeTemperatureState",
            "Measured, or why there is no temperature.",
            .emitsChange
        ) { (endpoint: Endpoint) in endpoint.polledHealth.temperature.state }
        Property(
            "PercentageDriveLifeUsed",
            "In percent; 255 stands for that and more.",
            .emitsChange
        ) { (endpoint: Endpoint) in endpoint.polledHealth.percentageUsed }
        Property(
            "CompositeControllerStatus",
            "The change flags that are set, by name.",
            .emitsChange
        ) { (endpoint: Endpoint) in endpoint.polledHealth.compositeControllerStatus.setNames }
    }
}

extension Endpoint {
    /// What the last poll said.
    fileprivate var polledHealth: SubsystemHealth { health.health ?? HealthMonitor.unknown }
}
