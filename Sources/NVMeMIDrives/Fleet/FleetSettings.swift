import MCTP
import NVMeMIClient

/// How the fleet treats its endpoints.
public struct FleetSettings: Equatable, Sendable {
    /// How drives are treated for which nothing else is said.
    public var drive = DriveSettings()
    /// What is different for some drives; of several that fit a drive the later ones win.
    public var driveRules: [DriveRule] = []
    /// Where drives are; the first that fits an endpoint holds.
    public var places: [PlaceRule] = []
    /// The first pause before an endpoint that does not answer, or a part of it, is tried again; doubled each
    /// time.
    public var firstRetry: Duration = .seconds(1)
    /// The longest pause before an endpoint that does not answer, or a part of it, is tried again.
    public var lastRetry: Duration = .seconds(60)
    /// How long an endpoint must have been silent before the directory is asked to recover it.
    public var recoverAfter: Duration = .seconds(60)
    /// The first pause before it is asked again; doubled each time, zero has it never asked.
    public var firstRecoverPause: Duration = .seconds(10)
    /// The longest pause before it is asked again.
    public var lastRecoverPause: Duration = .seconds(600)
    /// How long endpoints stay while the directory is away, and after its return while it does not list them.
    public var directoryGrace: Duration = .seconds(30)
    /// The time from one question to each drive what it has counted in its life to the next; zero never asks.
    public var countersInterval: Duration = .zero
    /// Whether whoever has a drive erase something, or stop, has to say which drive.
    public var requiresSerialNumber = true
    /// Bytes that a firmware image may have, with the package that it is in.
    public var firmwareImageLimit: UInt32 = 128 << 20
    /// How jobs are kept, and how patient they are.
    public var jobs = JobSettings()

    /// The defaults.
    public init() {}

    /// Where the drive behind an endpoint is; empty when nobody has said.
    func place(of endpoint: FoundEndpoint) -> String {
        places.lazy.compactMap { $0.place(of: endpoint) }.first ?? ""
    }

    /// The number of the slot of the drive behind an endpoint; nil when nobody has said.
    func slot(of endpoint: FoundEndpoint) -> UInt32? {
        places.first { $0.place(of: endpoint) != nil }?.slot(of: endpoint)
    }

    /// How a drive is treated.
    ///
    /// - Parameter identity: Who it is; nil while that is not known.
    /// - Returns: The common settings with what the rules that fit it change.
    func drive(_ identity: DriveIdentity?) -> DriveSettings {
        guard let identity else { return drive }
        var settings = drive
        for rule in DriveRule.known where rule.fits(identity) { rule.apply(to: &settings) }
        // A longer one for every drive is long enough for these.
        settings.session.minimumGap = max(
            settings.session.minimumGap,
            drive.session.minimumGap
        )
        for rule in driveRules where rule.fits(identity) { rule.apply(to: &settings) }
        return settings
    }
}
