import EventLoop
public import Logging
import NVMeMI

extension Drive {
    /// By what a person knows the drive, for entries of the log.
    public var labels: Logger.Metadata {
        var labels: Logger.Metadata = ["drive": "\(name)"]
        if let identity {
            labels["model"] = "\(identity.model)"
            labels["serial-number"] = "\(identity.serialNumber)"
        }
        return labels
    }
}

extension Endpoint {
    /// Judges anew how well the drive is, and has the log and who shows it told of what is different.
    func judgeDrive() {
        guard let drive else { return }
        if drive.activeEndpoint === self { drive.noteTemperature() }
        if let step = drive.noteWear() {
            logger.notice(
                "wear",
                metadata: drive.labels.merging(["percent": "\(step)"]) { _, new in new }
            )
        }
        guard let former = drive.judge() else { return }
        fleet.observer?.changed(drive)
        let present = drive.verdict
        var metadata = drive.labels
        metadata["was"] = "\(former.level.name)"
        if !present.reasons.isEmpty {
            metadata["reason"] = "\(present.reasons.map(\.text).joined(separator: "; "))"
        }
        if let health = drive.health {
            metadata["celsius"] = health.temperature.celsius.map { "\($0)" }
            metadata["percent-used"] = "\(health.percentageUsed)"
        }
        let level: Logger.Level
        switch present.level {
        // A drive that is found fine is what is expected.
        case .fine, .unknown: level = former.level <= .unknown ? .debug : .notice
        case .warning, .unavailable, .critical: level = .warning
        }
        logger.log(level: level, "health \(present.level.name)", metadata: metadata)
    }
}
