import EventLoop
import Logging
import NVMeMI
import NVMeMIClient

/// Asks an endpoint for its inventory, part by part: for all of it, or for what was missing.
///
/// What one part refuses, sends malformed or leaves unanswered costs that part only. A drive that answers
/// nothing at all is found out by a health poll after the first silence, and left alone.
@LoopActor
final class InventoryReader {
    /// What came of it.
    enum Outcome {
        /// The endpoint has answered something.
        case answered
        /// It answers nothing, or the carrier does not reach it.
        case silent(SessionError)
        /// It was not asked to the end, and nothing is known of it.
        case interrupted(SessionError)
    }

    /// Commands of one kind without an answer, in a row, after which the rest of the kind is left for later.
    private static let silencesInARow = 2
    private static let livenessTimeLimit: Duration = .seconds(2)

    let endpoint: Endpoint
    let isWhole: Bool
    /// Who the drive was before.
    let formerIdentity: DriveIdentity?
    /// Parts to be asked for, in order.
    var line: [InventoryPart]
    /// Those after it, which are long answers.
    var later: [InventoryPart] = []
    /// Parts that nothing waits for: to be asked for when the endpoint is known.
    private(set) var afterwards: [InventoryPart] = []
    /// Namespaces that have been asked for by now.
    var seenNamespaces: Set<UInt32> = []
    /// Whether a controller's namespaces have been listed anew.
    var hasListedNamespaces = false
    /// Whether the way has been tuned: long answers are faster afterwards.
    var isTuned: Bool
    /// What may be another now, which is said when the look is over, or takes long.
    ///
    /// Each time it is said, all that is shown of it is compared with what was told before, and there are a dozen parts.
    private var unsaid: [any ModelObject] = []
    /// Since when the first of it has not been said.
    private var unsaidSince = MonotonicInstant.distantFuture
    /// How long changes wait for others at most; a drive may take minutes for all.
    private static let patience: Duration = .seconds(1)
    private let options = CommandOptions(priority: .control)
    private let tune: @LoopActor () async -> Void
    private var silences = 0

    /// - Parameters:
    ///   - endpoint: Whom to ask.
    ///   - isWhole: Whether for everything; else for the parts that are due.
    ///   - wanted: Parts that are asked for beside those that are due.
    ///   - tune: Called once, when it is known who the drive is and before the long answers.
    init(
        of endpoint: Endpoint,
        isWhole: Bool,
        _ wanted: [InventoryPart] = [],
        tune: @escaping @LoopActor () async -> Void
    ) {
        self.endpoint = endpoint
        self.isWhole = isWhole
        self.tune = tune
        formerIdentity = endpoint.inventory.identity
        isTuned = !isWhole
        guard !isWhole else {
            line = [.subsystem]
            return
        }
        let due = endpoint.inventory.dueParts(at: EventLoop.main.now)
        line = due + wanted.filter { !due.contains($0) && !endpoint.inventory.isRuledOut($0) }
    }

    var inventory: Inventory { endpoint.inventory }

    func run() async -> Outcome {
        let outcome = await askForAll()
        sayChanges()
        return outcome
    }

    private func sayChanges() {
        let objects = unsaid
        unsaid = []
        for object in objects { endpoint.fleet.observer?.changed(object) }
    }

    private func askForAll() async -> Outcome {
        while true {
            while !line.isEmpty {
                let part = line.removeFirst()
                do {
                    try await ask(for: part)
                    if Task.isCancelled { return .interrupted(.cancelled) }
                    silences = 0
                    inventory.noteKnown(part)
                } catch {
                    if Task.isCancelled { return .interrupted(.cancelled) }
                    if let outcome = await failed(part, error) { return outcome }
                }
                settled(part)
                endpoint.partSettled()
                changed(endpoint)
                if unsaidSince + Self.patience <= EventLoop.main.now { sayChanges() }
            }
            if isTuned { break }
            await tune()
            if Task.isCancelled { return .interrupted(.cancelled) }
            isTuned = true
            line = later
            later = []
        }
        if isWhole || hasListedNamespaces { forgetWhatIsGone() }
        showAll()
        if formerIdentity != inventory.identity { endpoint.settingsChanged() }
        return .answered
    }

    /// Puts a part that follows from another into the line, behind the tuning when it is a long answer.
    func follow(_ part: InventoryPart) {
        guard !inventory.isRuledOut(part) else { return }
        if isTuned { line.append(part) } else { later.append(part) }
    }

    /// Notes a part that is asked for when the endpoint is known.
    func followLater(_ part: InventoryPart) {
        if !inventory.isRuledOut(part) { afterwards.append(part) }
    }

    /// Takes note that something of an object may be another now.
    func changed(_ object: any ModelObject) {
        if unsaid.isEmpty { unsaidSince = EventLoop.main.now }
        if !unsaid.contains(where: { $0 === object }) { unsaid.append(object) }
    }

    /// Takes note of a part that was not told; returns what came of the whole when there is no use in going on.
    private func failed(_ part: InventoryPart, _ error: SessionError) async -> Outcome? {
        switch error.evidence {
        case .none: return .interrupted(error)
        case .carrier: return .silent(error)
        case .silent, .answered, .busy: break
        }
        inventory.noteMissing(part, error, endpoint.fleet.settings)
        endpoint.logger.info(
            "left out",
            metadata: ["part": "\(part)", "why": "\(error.words)"]
        )
        guard error.evidence == .silent else {
            silences = 0
            return nil
        }
        guard await isAlive() else { return .silent(error) }
        silences += 1
        if silences >= Self.silencesInARow {
            for unasked in line + later where unasked.isOfAdmin == part.isOfAdmin {
                inventory.noteUnasked(unasked, endpoint.fleet.settings)
            }
            line.removeAll { $0.isOfAdmin == part.isOfAdmin }
            later.removeAll { $0.isOfAdmin == part.isOfAdmin }
        }
        return nil
    }

    /// Whether the drive answers what every drive answers quickly.
    private func isAlive() async -> Bool {
        do {
            _ = try await endpoint.session.perform(
                SubsystemHealthStatusPoll(),
                CommandOptions(timeLimit: Self.livenessTimeLimit, priority: .health)
            )
            return true
        } catch {
            return error.evidence == .answered || error.evidence == .busy
        }
    }

    /// Carries out a command of the daemon's own.
    func perform<C: Command>(_ command: C) async throws(SessionError) -> C.Reply {
        try await endpoint.session.perform(command, options)
    }
}
