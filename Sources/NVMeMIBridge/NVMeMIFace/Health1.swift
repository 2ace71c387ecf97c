import DBus
import EventLoop
import NVMeMI
import NVMeMIDrives

extension Interface where Object == Health {
    /// What the health polls of an endpoint have brought.
    static let health = Interface(
        "xyz.openbmc_project.NVMeMI.Health1",
        documentation: """
            The health of an NVM subsystem as the bridge polls it, without clearing the change flags. \
            Before the first answer Updated is 0 and the others are those of a drive without any trouble, \
            a temperature or wear. The values stay while \
            the endpoint does not answer: Updated tells how old they are.
            """,
        right: .reading
    ) {
        Property(
            "Updated",
            "When the last poll was answered, in milliseconds of Unix time.",
            .noSignal
        ) { (health: Health) in health.updated }
        Property(
            "Changed",
            "When a poll last said something new, in milliseconds of Unix time.",
            .emitsChange
        ) { (health: Health) in health.changed }
        Property(
            "PollInterval",
            """
            Time from one poll to the next in milliseconds, up to 86400000; 0 polls never. What is set \
            here holds until the configuration is read again.
            """,
            .emitsChange
        ) { (health: Health) in
            UInt32(clamping: health.interval.inMilliseconds)
        } set: { (health: Health, call: Invocation, milliseconds: UInt32) in
            let allowed = DriveSettings.healthIntervals
            guard let milliseconds = Int32(exactly: milliseconds), allowed.contains(milliseconds)
            else {
                throw BusErrors.invalidArgument(
                    "PollInterval cannot be \(milliseconds); it takes 0 to \(allowed.upperBound) "
                        + "milliseconds"
                )
            }
            health.setInterval(.milliseconds(Int64(milliseconds)))
            if let endpoint = health.endpoint {
                call.record("PollInterval", on: endpoint, [("milliseconds", "\(milliseconds)")])
            }
        }
        Property(
            "PollingPaused",
            "Whether a client has paused the polls (see EndpointControl1.PauseHealthPolling).",
            .emitsChange
        ) { (health: Health) in health.isPaused }
        Property("DriveFunctional", "Whether the subsystem works.", .emitsChange) {
            (health: Health) in health.polled.status.contains(.driveFunctional)
        }
        Property(
            "ResetRequired",
            "Whether the subsystem needs a reset to work.",
            .emitsChange
        ) { (health: Health) in !health.polled.status.contains(.resetNotRequired) }
        Property(
            "SanitizeFailureMode",
            "Whether a sanitize operation failed and restricts what works.",
            .emitsChange
        ) { (health: Health) in health.polled.status.contains(.sanitizeFailureMode) }
        Property("SMARTWarnings", "The critical warnings, by name.", .emitsChange) {
            (health: Health) in health.polled.warnings.setNames
        }
        Property(
            "CompositeTemperature",
            "In degrees Celsius; 0 when CompositeTemperatureState is not Measured.",
            .emitsChange
        ) { (health: Health) in health.polled.temperature.celsius ?? 0 }
        Property(
            "CompositeTemperatureState",
            "Measured, or why there is no temperature.",
            .emitsChange
        ) { (health: Health) in health.polled.temperature.state }
        Property(
            "PercentageDriveLifeUsed",
            "In percent; 255 stands for that and more.",
            .emitsChange
        ) { (health: Health) in health.polled.percentageUsed }
        Property(
            "AvailableSpare",
            """
            The least spare that is left of a controller, in percent; 255 while none has told. Asked for every 10 \
            minutes, and when the drive says that it has changed.
            """,
            .emitsChange
        ) { (health: Health) in health.availableSpare ?? 255 }
        Property(
            "CompositeControllerStatus",
            "The change flags that are set, by name.",
            .emitsChange
        ) { (health: Health) in health.polled.compositeControllerStatus.setNames }
    }
}

extension Health {
    /// What the last poll said.
    fileprivate var polled: SubsystemHealth { latest ?? Health.unknown }
}
