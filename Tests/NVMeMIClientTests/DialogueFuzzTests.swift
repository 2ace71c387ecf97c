import EventLoop
import MCTP
import NVMeMI
import TestSupport
import XCTest

@testable import NVMeMIClient

/// Feeds the dialogue any order of events and checks what must hold whatever happens.
final class DialogueFuzzTests: XCTestCase {
    private static let sessions = 300
    private static let steps = 120

    func testAnyOrderOfEvents() throws {
        let base = ProcessInfo.processInfo.environment["NVMEMI_FUZZ_SEED"].flatMap(UInt64.init) ?? 1
        for seed in base..<base + UInt64(Self.sessions) {
            var fuzz = DialogueFuzz(seed: seed)
            for _ in 0..<Self.steps where fuzz.violation == nil { fuzz.step() }
            fuzz.runToTheEnd()
            if let violation = fuzz.violation {
                return XCTFail("seed \(seed): \(violation)\n\(fuzz.trace.joined(separator: "\n"))")
            }
        }
    }
}

/// One session with random callers, a random carrier and a random drive.
private struct DialogueFuzz {
    /// What the observer knows of an exchange from its messages.
    struct Exchange {
        let id: ExchangeID
        let transmission: Transmission
        let request: Request
        /// The command; nil for control primitives that the dialogue sends by itself.
        let course: CourseID?
        var isSent = false
        var answers: Set<UInt32> = []
    }

    /// What the observer knows of a slot.
    struct Slot {
        /// A command went out that is not known to be done with.
        var isInDoubt = false
        var doubtSince = MonotonicInstant(nanoseconds: 0)
        var wasRefused = false
    }

    var violation: String?
    private(set) var trace: [String] = []
    private var generator: SeededGenerator
    private var dialogue: Dialogue
    private var now = MonotonicInstant(nanoseconds: 5_000_000_000)
    private let isShared: Bool
    private var open: [Exchange] = []
    /// Commands that have not ended, with the number in their request and the latest end.
    private var courses: [CourseID: (number: UInt16, end: MonotonicInstant)] = [:]
    private var slots: [CommandSlot: Slot] = [.zero: Slot(), .one: Slot()]
    private var answersOf: [UInt16: Set<UInt32>] = [:]
    private var isClosed = false
    private var lastNumber: UInt16 = 0
    private var lastAnswer: UInt32 = 0
    private var lastTraffic: MonotonicInstant?

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        var settings = SessionSettings()
        settings.usesControlPrimitives = Int.random(in: 0..<8, using: &generator) > 0
        settings.usesSecondSlot = Bool.random(using: &generator)
        settings.minimumGap = [.zero, .zero, .milliseconds(3)].randomElement(using: &generator)!
        settings.queueLimitPerSender = 4
        dialogue = Dialogue(settings)
        isShared = Bool.random(using: &generator)
    }

    // MARK: Events

    mutating func step() {
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<22: begin()
        case 22..<70: message()
        case 70..<78: sendLate()
        case 78..<81: fail()
        case 81..<92: passTime()
        case 92..<96: cancel()
        case 96..<97:
            isClosed = true
            tell(.closed(reason: "closed"), "closed")
            if !courses.isEmpty || !open.isEmpty { violation = "closed, and something goes on" }
        default:
            if isClosed { tell(.opened, "opened") }
            isClosed = false
        }
    }

    /// Lets time pass until everything has ended; nothing answers any more.
    mutating func runToTheEnd() {
        var rounds = 0
        while dialogue.wakeAt < .distantFuture, violation == nil {
            rounds += 1
            guard rounds < 10_000 else { return violation = "does not come to an end" }
            now = max(now, dialogue.wakeAt)
            tell(.time, "time")
        }
        guard violation == nil else { return }
        if !courses.isEmpty { violation = "\(courses.count) commands have no end" }
        if !open.isEmpty { violation = "\(open.count) exchanges are left open" }
        if dialogue.queueDepth + dialogue.count > 0 { violation = "something is left" }
    }

    private mutating func begin() {
        lastNumber += 1
        let limits: [Duration?] = [nil, .zero, .nanoseconds(3), .milliseconds(300), .seconds(2)]
        let options = CommandOptions(
            timeLimit: limits.randomElement(using: &generator)!,
            priority: CommandPriority.allCases.randomElement(using: &generator)!,
            sender: ["", ":1.1", ":1.2"].randomElement(using: &generator)!,
            isExclusive: Int.random(in: 0..<10, using: &generator) == 0
        )
        let command: any Command =
            switch Int.random(in: 0..<8, using: &generator) {
            case 0: GetState(tag: UInt8(truncatingIfNeeded: lastNumber))
            case 1: VPDWrite(offset: lastNumber, data: [1])
            default: VPDRead(offset: lastNumber, length: 4)
            }
        trace.append("\(now.nanoseconds) begin \(lastNumber) \(command) \(options)")
        let course = dialogue.begin(command, options, isShared: isShared, at: now)
        // More Processing Required extends what no caller has limited; an Abort may follow.
        let longest = options.timeLimit ?? .seconds(60)
        courses[course] = (lastNumber, now + longest + .seconds(2) + .milliseconds(20))
        if isClosed, dialogue.around.actions.count != 1 {
            violation = "closed, and takes a command"
        }
        carryOut()
    }

    private mutating func message() {
        guard let index = open.indices.randomElement(using: &generator), open[index].isSent else {
            return
        }
        let exchange = open[index]
        let isPrimitive = exchange.request.category == .controlPrimitive
        var message: [UInt8]
        let kind = Int.random(in: 0..<12, using: &generator)
        switch kind {
        case 0:
            message = generator.bytes(Int.random(in: 0..<40, using: &generator))
            if message.count > 12 { message[0] = 0x84 }
            if !isPrimitive, Self.isDamaged(message) { settle(exchange) }
        case 1:
            let other: CommandSlot = exchange.request.slot == .zero ? .one : .zero
            message = Response.encode(category: exchange.request.category, slot: other)
        case 2:
            message = Response.encode(
                MoreProcessingRequired(time: UInt16.random(in: 0..<40, using: &generator)),
                to: exchange.request
            )
        case 3 where isPrimitive:
            message = Response.encode(
                category: .controlPrimitive,
                slot: exchange.request.slot,
                status: .invalidCommandOpcode
            )
            slots[exchange.request.slot]?.wasRefused = true
            // Of slot 0, it says that the drive has none.
            if exchange.request.slot == .zero { slots[.one]?.wasRefused = true }
        case 4 where isPrimitive:
            message = ScriptedTransport.Received.state(.process, to: exchange.request)
        default:
            message = answer(index)
            if kind == 5 {
                message[message.count - 1] ^= 1
            } else {
                open[index].answers.insert(lastAnswer)
                answersOf[number(of: exchange), default: []].insert(lastAnswer)
            }
            // What is damaged was an answer all the same, but says nothing of a slot.
            if kind != 5 || !isPrimitive { settle(exchange) }
        }
        lastTraffic = now
        tell(
            .message(
                exchange.id,
                Arrival(message: message, isLast: kind == 2 && lastAnswer % 7 == 0)
            ),
            "message \(exchange.id.number) \(message.hexadecimal)"
        )
    }

    private static func isDamaged(_ message: [UInt8]) -> Bool {
        do {
            _ = try Response.parse(message)
            return false
        } catch {
            return error.isIntegrityError
        }
    }

    /// The right answer, with a number that no other has.
    private mutating func answer(_ index: Int) -> [UInt8] {
        let request = open[index].request
        lastAnswer += 1
        guard request.category != .controlPrimitive else {
            return ScriptedTransport.Received.state(.idle, to: request)
        }
        let body = (0..<4).map { UInt8(truncatingIfNeeded: lastAnswer >> ($0 * 8)) }
        return Response.encode(category: request.category, slot: request.slot, body: body)
    }

    /// Notes what an answer says of the slot.
    private mutating func settle(_ exchange: Exchange) {
        let slot = exchange.request.slot
        if exchange.request.category != .controlPrimitive {
            slots[slot]?.isInDoubt = false
        } else if exchange.request.opcode == 3, exchange.course == nil {
            // The state is idle. Without tags, a command that is still waited for may be answered yet.
            let isAwaited = open.contains { $0.transmission.slot == slot && $0.course != nil }
            if !isShared || !isAwaited { slots[slot]?.isInDoubt = false }
        }
    }

    private mutating func sendLate() {
        guard let index = open.indices.randomElement(using: &generator), !open[index].isSent else {
            return
        }
        noteSent(index)
        tell(.sent(open[index].id), "sent \(open[index].id.number)")
    }

    private mutating func fail() {
        guard let exchange = open.randomElement(using: &generator) else { return }
        let error = TransportError(operation: "fuzz", kind: .linkDown)
        tell(.failed(exchange.id, error), "failed \(exchange.id.number)")
    }

    private mutating func passTime() {
        let wake = dialogue.wakeAt
        let random = now + .milliseconds(Int.random(in: 0..<700, using: &generator))
        now = Bool.random(using: &generator) && wake < random ? max(now, wake) : random
        tell(.time, "time")
    }

    private mutating func cancel() {
        guard
            let course = courses.keys.sorted(by: { $0.number < $1.number })
                .randomElement(using: &generator)
        else { return }
        tell(.cancelled(course), "cancelled \(course.number)")
    }

    private mutating func tell(_ event: Dialogue.Event, _ what: String) {
        trace.append("\(now.nanoseconds) \(what)")
        dialogue.handle(event, at: now)
        carryOut()
        let late = courses.first { $0.value.end < now && dialogue.wakeAt > now }
        if let late, violation == nil { violation = "command \(late.value.number) is late" }
    }

    // MARK: Actions

    private mutating func carryOut() {
        while violation == nil, let action = dialogue.nextAction() {
            switch action {
            case .send(let id, let transmission): send(id, transmission)
            case .sendAgain(let id, let transmission):
                let first = open.first { $0.id == id }
                if first?.transmission.message != transmission.message {
                    violation = "another message is sent again"
                }
                lastTraffic = now
            case .end(let id, _): end(id)
            case .finish(let course, let result): finish(course, result)
            case .tellGap: break
            }
        }
    }

    private mutating func send(_ id: ExchangeID, _ transmission: Transmission) {
        trace.append("    send \(id.number) \(transmission.message.hexadecimal)")
        guard let request = try? Request.parse(transmission.message) else {
            return violation = "a request that is none"
        }
        if isClosed { violation = "sends while it is closed" }
        if let lastTraffic, now < lastTraffic + dialogue.settings.minimumGap {
            violation = "sends too soon"
        }
        lastTraffic = now
        let number = number(of: request)
        let course = courses.first { $0.value.number == number }?.key
        if request.category != .controlPrimitive {
            checkSlot(transmission.slot)
            if course == nil { violation = "sends for a command that has ended" }
        }
        open.append(
            Exchange(id: id, transmission: transmission, request: request, course: course)
        )
        switch Int.random(in: 0..<20, using: &generator) {
        case 0:
            dialogue.handle(
                .failed(id, TransportError(operation: "fuzz", kind: .tagsExhausted)),
                at: now
            )
        case 1..<4:
            break
        default:
            noteSent(open.endIndex - 1)
            dialogue.handle(.sent(id), at: now)
        }
    }

    private mutating func checkSlot(_ slot: CommandSlot) {
        if open.contains(where: {
            $0.transmission.slot == slot && $0.request.category != .controlPrimitive
        }) {
            violation = "sends in a slot that is in use"
        }
        guard let state = slots[slot], state.isInDoubt else { return }
        let time = now - state.doubtSince
        let hasNone = !dialogue.settings.usesControlPrimitives || state.wasRefused
        if time < (hasNone ? .seconds(1) : .seconds(10)) {
            violation = "sends in a slot in doubt"
        }
        slots[slot]?.isInDoubt = false
    }

    private mutating func noteSent(_ index: Int) {
        open[index].isSent = true
        guard open[index].request.category != .controlPrimitive else { return }
        slots[open[index].transmission.slot]?.isInDoubt = true
    }

    private mutating func end(_ id: ExchangeID) {
        trace.append("    end \(id.number)")
        guard let index = open.firstIndex(where: { $0.id == id }) else { return }
        let exchange = open.remove(at: index)
        if exchange.request.category != .controlPrimitive {
            slots[exchange.transmission.slot]?.doubtSince = now
        }
    }

    private mutating func finish(_ course: CourseID, _ result: Result<Response, SessionError>) {
        trace.append("    finish \(course.number) \(result)")
        guard let known = courses.removeValue(forKey: course) else {
            return violation = "finishes a command that is none"
        }
        guard case .success(let response) = result,
            response.category != .controlPrimitive
        else { return }
        let number = response.body.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        if !(answersOf[known.number]?.contains(number) ?? false) {
            violation = "command \(known.number) got answer \(number), which is another's"
        }
    }

    // MARK: Numbers

    private func number(of exchange: Exchange) -> UInt16 { number(of: exchange.request) }

    /// The number of the command in its request: the offset in the vital product data.
    private func number(of request: Request) -> UInt16 {
        guard request.category != .controlPrimitive, request.bytes.count > 9 else { return 0 }
        return UInt16(request.bytes[8]) | UInt16(request.bytes[9]) << 8
    }
}

extension [UInt8] {
    fileprivate var hexadecimal: String { map { String($0, radix: 16) }.joined(separator: " ") }
}
