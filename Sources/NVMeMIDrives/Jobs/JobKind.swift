public import EventLoop
public import Logging

/// A kind of job: what holds for all jobs of it, declared once.
///
/// How it is carried out says its ``JobWork``, and what starts it is whoever makes that.
public struct JobKind: Sendable {
    /// What a job does to its drive, and what else can go on there meanwhile.
    public enum Exclusion: Sendable {
        /// It only reads: it goes on beside all others.
        case none
        /// It changes the drive: another one that changes it has to end before.
        case alone(whenBusy: WhenBusy)
    }

    /// What comes of a job that changes a drive which another job changes.
    public enum WhenBusy: Sendable {
        /// It is not started.
        case refused
        /// It is started when the other one has ended.
        case waits
    }

    /// How a job is brought to its end before the time.
    public enum Cancellation: Sendable {
        /// Not at all, once it is running.
        case never
        /// It notices the wish by itself, with ``Job/checkGoesOn()``, and wherever it waits.
        case noticed
        /// ``JobWork/cancel(_:)`` has the drive end it, which the job finds out.
        case commanded
    }

    /// What becomes of a job when the daemon ends.
    public enum Ending: Sendable {
        /// It ends with an error.
        case failure
        /// The drive goes on with it; the next daemon finds it again.
        case leftToDrive
    }

    /// Finds out whether a drive is at something of the kind that no job here stands for.
    ///
    /// It is asked for each drive that has told anew what it is. What it throws means that there is nothing.
    public typealias Recogniser =
        @LoopActor @Sendable (Controller, Requester) async throws(DriveError) -> (any JobWork)?

    /// The operation's name, for people and programs: `FirmwareUpdate`.
    public let operation: String
    /// What it excludes.
    public let exclusion: Exclusion
    /// How it is cancelled.
    public let cancellation: Cancellation
    /// What becomes of it with the daemon.
    public let ending: Ending
    /// How one that was begun elsewhere, or before the daemon, is found; nil for a kind that is not.
    public let recognise: Recogniser?

    /// Declares a kind of job.
    public init(
        _ operation: String,
        exclusion: Exclusion,
        cancellation: Cancellation,
        ending: Ending,
        recognise: Recogniser? = nil
    ) {
        self.operation = operation
        self.exclusion = exclusion
        self.cancellation = cancellation
        self.ending = ending
        self.recognise = recognise
    }

    /// Whether only one such job can be under way on a drive.
    var isAlone: Bool { if case .alone = exclusion { true } else { false } }
}

/// What one job is to do.
///
/// It is made by whoever starts the job, with all that it needs; nothing is sent before ``run(_:)``.
@LoopActor
public protocol JobWork: AnyObject, Sendable {
    /// What holds for all jobs of the kind.
    nonisolated static var kind: JobKind { get }
    /// With what it is done, by name, for the log.
    var details: [(name: String, value: String)] { get }
    /// What of the drive it is about.
    var subjects: [JobSubject] { get }

    /// Does it.
    ///
    /// - Parameter job: Carries commands to the drive, and is told how far it has come.
    /// - Throws: `DriveError` when it cannot be done; what ``Job`` throws is passed on.
    func run(_ job: Job) async throws(DriveError)

    /// Has the drive end what it does, for a kind that says `commanded`.
    ///
    /// - Throws: `DriveError` when that cannot be; the job goes on then.
    func cancel(_ job: Job) async throws(DriveError)

    /// The job has ended, be it before it began: gives back what is held only for that.
    func ended()
}

extension JobWork {
    /// Nothing is held.
    public func ended() {}

    /// Nothing to do: ``run(_:)`` notices.
    public func cancel(_ job: Job) async throws(DriveError) {}
}

/// A part of a drive that a job is about, by what it is called whichever endpoint leads there.
public enum JobSubject: Hashable, Sendable {
    /// The controller with an identifier.
    case controller(UInt16)
    /// The namespace with an identifier.
    case namespace(UInt32)
}

/// Who started a job, and who may want it to end.
public struct JobStarter: Sendable {
    /// The user's number; nil when that is not known.
    public let userID: UInt32?
    /// The caller's name, of a connection to a bus for instance.
    public let caller: String
    /// On whose account its commands are.
    public let requester: Requester
    /// What the log tells of them.
    let labels: Logger.Metadata

    /// Somebody; without labels the log tells the user and the name.
    public init(
        userID: UInt32?,
        caller: String,
        requester: Requester,
        labels: Logger.Metadata = [:]
    ) {
        self.userID = userID
        self.caller = caller
        self.requester = requester
        self.labels = labels
    }

    /// The user in words.
    var user: String { userID.map { "user \($0)" } ?? "an unknown user" }
}

/// The drive that a job is about: who it is, wherever it is found.
public struct JobTarget: Sendable {
    /// What the drive was called then; it may have got another name since.
    public let drive: String
    /// Who it was when the job was started; nil for a drive that does not tell.
    public let identity: DriveIdentity?
    /// Where it was then.
    let place: String

    @LoopActor
    init(_ drive: Drive) {
        self.drive = drive.name
        identity = drive.identity
        let address = drive.activeEndpoint.map { "\($0.address)" } ?? ""
        place = drive.location.isEmpty ? address : "\(drive.location) (\(address))"
    }

    /// Whether a drive may be the one that is meant.
    @LoopActor
    func canBe(_ drive: Drive) -> Bool {
        guard let identity, let other = drive.identity else { return self.drive == drive.name }
        return identity.isSameDrive(as: other) && identity.subsystemNQN == other.subsystemNQN
    }

    /// The drive that is meant; nil when it is not there.
    ///
    /// There are makes of drives that have one serial number for all.
    @LoopActor
    func find(in drives: [Drive]) -> Drive? {
        let candidates = drives.filter(canBe)
        return candidates.first { $0.name == drive }
            ?? (candidates.count == 1 ? candidates.first : nil)
    }
}
