import NVMeMI

/// How far a drive can be relied on, as those who cool and mend a machine must be able to tell it apart.
///
/// A drive that sleeps with its host has not failed, and one that answers with errors is not away.
public enum DriveCondition: Sendable {
    /// It answers, and what it must tell is known.
    case working
    /// It says that it is not ready yet, or is silent as drives are while they reset.
    case notReady
    /// mctpd does not reach it, as when its host has no power: nobody can say how it is.
    case offline
    /// It can be reached and does not answer as it must, or says itself that it does not function.
    case failed

    /// Whether it can be asked.
    public var isAvailable: Bool { self != .offline }
    /// Whether it does what a drive must do, as far as is known.
    public var isFunctional: Bool { self != .failed }
    /// Whether what it measured last is how it is now.
    public var isMeasured: Bool { self == .working || self == .notReady }
}

extension Drive {
    /// How far it can be relied on.
    public var condition: DriveCondition {
        guard let active = activeEndpoint else { return .offline }
        switch active.state {
        case .ready: return isSaidToFunction ? .working : .failed
        case .initializing: return .notReady
        case .failed: return .failed
        case .unavailable:
            if active.recovery.isOfWorkingDrive { return .notReady }
            guard active.found.isConnected, !active.isReturning, !active.fleet.isHostAsleep else {
                return .offline
            }
            return active.recovery.isSilenceExpected ? .notReady : .failed
        }
    }

    private var isSaidToFunction: Bool {
        health?.status.contains(.driveFunctional) ?? true
    }
}
