public import EventLoop
public import NVMeMI
import NVMeMIClient

/// What an endpoint has said that it is, part by part.
@LoopActor
public final class Inventory {
    /// What the NVM subsystem is; nil while that is not known.
    public internal(set) var subsystem: SubsystemInformation?
    /// The optional commands that the endpoint serves.
    public internal(set) var optionalCommands = CommandList()
    /// In the order of their numbers.
    public internal(set) var ports: [Port] = []
    /// In the order of their identifiers.
    public internal(set) var controllers: [Controller] = []
    /// In the order of their identifiers.
    public internal(set) var namespaces: [Namespace] = []
    /// Whether the list of controllers has been told.
    var isControllerListKnown = false
    private(set) var troubles: [InventoryPart: PartTrouble] = [:]

    /// Who the drive is; nil when no controller has told.
    public var identity: DriveIdentity? {
        controllers.lazy.compactMap(\.identity).first.map(DriveIdentity.init)
    }

    /// The NVM Subsystem NQN; empty when no controller tells it.
    public var subsystemNQN: String {
        controllers.lazy.compactMap { $0.identity?.subsystemNQN }.first { !$0.isEmpty } ?? ""
    }

    /// The NVMe-MI version, "major.minor"; empty when it is not known.
    public var managementInterfaceVersion: String {
        subsystem.map { "\($0.majorVersion).\($0.minorVersion)" } ?? ""
    }

    /// The NVMe-MI version by which the drive's bits are understood.
    public var version: ManagementInterfaceVersion { subsystem?.version ?? .oldest }

    /// The port that the endpoint is behind, which no message tells: the only two-wire port, else the only
    /// port; nil when there are several or none.
    public var ownPort: Port? {
        let active = ports.filter { $0.information.type != .inactive }
        let twoWire = active.filter { $0.information.twoWire != nil }
        let candidates = twoWire.isEmpty ? active : twoWire
        return candidates.count == 1 ? candidates.first : nil
    }

    /// Whether a port of the drive announces asynchronous event messages.
    var announcesAsynchronousEvents: Bool {
        ports.contains { $0.information.capabilities.contains(.asynchronousEventMessages) }
    }

    /// What is shown of it, ports first.
    var objects: [any ModelObject] {
        ports + controllers.filter(\.isShown) + namespaces.filter(\.isShown)
    }

    func removeObjects() {
        ports = []
        controllers = []
        namespaces = []
    }

    // MARK: Parts

    func noteKnown(_ part: InventoryPart) {
        troubles[part] = nil
    }

    /// Notes that a part is not known; false for errors that say nothing of it.
    @discardableResult
    func noteMissing(
        _ part: InventoryPart,
        _ error: SessionError,
        _ settings: FleetSettings
    ) -> Bool {
        guard let trouble = PartTrouble(error, after: troubles[part], settings) else {
            return false
        }
        troubles[part] = trouble
        return true
    }

    /// Notes that a part was not asked for, since what is like it had no answer.
    func noteUnasked(_ part: InventoryPart, _ settings: FleetSettings) {
        troubles[part] = PartTrouble(
            .unanswered,
            "not asked for, as other commands of its kind had no answer",
            after: troubles[part],
            settings
        )
    }

    /// Whether a part was told when it was asked for last.
    func isKnownNow(_ part: InventoryPart) -> Bool { troubles[part] == nil }

    /// Whether an optional part has been refused for good, and is not asked for again.
    func isRuledOut(_ part: InventoryPart) -> Bool {
        part.isOptional && troubles[part]?.state == .refused
    }

    /// Has what was refused asked for again with the next whole look.
    func forgetRefusals() {
        troubles = troubles.filter { $0.value.state != .refused }
    }

    /// Forgets troubles of what there is no more.
    func forgetTroubles(where isGone: (InventoryPart) -> Bool) {
        troubles = troubles.filter { !isGone($0.key) }
    }

    /// When the next part is to be asked for again.
    var nextAttempt: MonotonicInstant? {
        troubles.lazy.filter { $0.key != .health }.compactMap(\.value.nextAttempt).min()
    }

    /// The parts that are to be asked for again by now, in an order in which they can be.
    func dueParts(at now: MonotonicInstant) -> [InventoryPart] {
        troubles.filter { part, trouble in
            part != .health && trouble.nextAttempt.map { $0 <= now } ?? false
        }
        .map(\.key).sorted { $0.place < $1.place }
    }

    /// Whether something is known of a part, be it from before.
    private func isKnown(_ part: InventoryPart) -> Bool {
        switch part {
        case .subsystem: subsystem != nil
        case .port(let number): ports.contains { $0.number == number }
        case .optionalCommands: !optionalCommands.commands.isEmpty
        case .controllerList: isControllerListKnown
        case .controllerIdentity(let number):
            controllers.first { $0.identifier == number }?.identity != nil
        case .namespaceIdentity(let number): namespaces.contains { $0.identifier == number }
        case .activeNamespaces(let number):
            !(controllers.first { $0.identifier == number }?.activeNamespaces.isEmpty ?? true)
        case .firmwareSlots(let number):
            controllers.first { $0.identifier == number }?.firmware != nil
        case .listOfPages(let number):
            controllers.first { $0.identifier == number }?.listedPages != nil
        case .listOfCommands(let number):
            controllers.first { $0.identifier == number }?.listedCommands != nil
        case .controllerInformation, .namespaceDescriptors, .health: false
        }
    }
}

// MARK: What is missing

extension Inventory {
    /// Whether what a drive must serve is known.
    enum Completeness {
        case sufficient
        case insufficient
        /// The drive says that it is not ready yet.
        case notYet
    }

    var completeness: Completeness {
        // What NVMe-MI itself must serve has no time to get ready; only Admin commands have.
        guard subsystem != nil, isControllerListKnown else { return .insufficient }
        if controllers.isEmpty || controllers.contains(where: { $0.identity != nil }) {
            return .sufficient
        }
        let states = controllers.map { troubles[.controllerIdentity($0.identifier)]?.state }
        // Who refuses for good has answered as well as it can.
        if states.contains(.refused) { return .sufficient }
        return states.allSatisfy { $0 == .notReady } ? .notYet : .insufficient
    }

    private var missing: [(part: InventoryPart, trouble: PartTrouble)] {
        troubles.filter { !isKnown($0.key) }.sorted { $0.key.place < $1.key.place }
            .map { (part: $0.key, trouble: $0.value) }
    }

    /// What the endpoint should tell and does not.
    public var missingParts: [MissingPart] {
        missing.map { part, trouble in
            MissingPart(
                part: "\(part)",
                state: trouble.state,
                reason: trouble.reason,
                since: trouble.since
            )
        }
    }

    /// What is missing of what a drive must serve.
    private var neededAndMissing: [(part: InventoryPart, trouble: PartTrouble)] {
        missing.filter { !$0.part.isOptional || $0.trouble.state != .refused }
    }

    /// What is missing of what a drive must serve, by name.
    var namesOfWhatIsMissing: [String] { neededAndMissing.map { "\($0.part)" } }

    /// What is missing of what a drive must serve, and why, in one line; empty when nothing is.
    var whatIsMissing: String {
        let named = neededAndMissing
        let shown = named.prefix(2).map { part, trouble in
            let retry = trouble.nextAttempt == nil ? "" : "; asked for again"
            return "\(part) is missing: \(trouble.reason)\(retry)"
        }
        let rest = named.count - shown.count
        return shown.joined(separator: ". ") + (rest > 0 ? ". \(rest) more parts are missing" : "")
    }

    /// What is missing of an endpoint that is ready.
    var reasonOfWhatIsMissing: StateReason {
        .incomplete(
            namesOfWhatIsMissing,
            whatIsMissing,
            isAskedAgain: neededAndMissing.contains { $0.trouble.nextAttempt != nil }
        )
    }
}

extension InventoryPart {
    /// Where it stands among all: what others depend on comes first.
    fileprivate var place: (Int, UInt32) {
        switch self {
        case .subsystem: (0, 0)
        case .port(let number): (1, UInt32(number))
        case .health: (2, 0)
        case .optionalCommands: (3, 0)
        case .controllerList: (4, 0)
        case .controllerInformation(let number): (5, UInt32(number))
        case .controllerIdentity(let number): (6, UInt32(number))
        case .activeNamespaces(let number): (7, UInt32(number))
        case .namespaceIdentity(let number): (8, number)
        case .namespaceDescriptors(let number): (9, number)
        case .firmwareSlots(let number): (10, UInt32(number))
        case .listOfPages(let number): (11, UInt32(number))
        case .listOfCommands(let number): (12, UInt32(number))
        }
    }
}
