import EventLoop
import MCTP
import NVMeMI
import XCTest

@testable import NVMeMIClient

/// A dialogue on the bench: the test is the carrier, the drive and the clock.
struct DialogueBench {
    /// A message that the dialogue has sent and whose exchange is open.
    struct Open {
        let exchange: ExchangeID
        let request: Request
        var transmissions = 1
    }

    var dialogue: Dialogue
    var now = MonotonicInstant(nanoseconds: 1_000_000_000)
    var isShared = false
    /// Whether the carrier sends at once.
    var sendsAtOnce = true
    private(set) var open: [Open] = []
    private(set) var results: [CourseID: Result<Response, SessionError>] = [:]
    private(set) var gaps: [Duration] = []
    /// Every request that was sent, with its time.
    private(set) var sent: [(request: Request, at: MonotonicInstant)] = []

    init(_ settings: SessionSettings = SessionSettings()) {
        dialogue = Dialogue(settings)
    }

    // MARK: Events

    mutating func begin(
        _ command: any Command,
        _ options: CommandOptions = CommandOptions()
    ) throws -> CourseID {
        let course = dialogue.begin(command, options, isShared: isShared, at: now)
        try carryOut()
        return course
    }

    mutating func tell(_ event: Dialogue.Event) throws {
        dialogue.handle(event, at: now)
        try carryOut()
    }

    /// Lets the time pass.
    mutating func pass(_ time: Duration) throws {
        let end = now + time
        while dialogue.wakeAt <= end {
            now = max(now, dialogue.wakeAt)
            try tell(.time)
        }
        now = end
    }

    /// Answers the last message that was sent.
    mutating func answer(_ answer: (Request) -> [UInt8]) throws {
        let last = try XCTUnwrap(open.last)
        try tell(.message(last.exchange, Arrival(message: answer(last.request))))
    }

    /// Answers the last message that was sent as a healthy drive.
    mutating func answer() throws {
        try answer { ScriptedTransport.Received.answer(to: $0) }
    }

    // MARK: Results

    /// The error that a command ended with.
    func error(of course: CourseID) -> SessionError? {
        if case .failure(let error) = results[course] { error } else { nil }
    }

    func isAnswered(_ course: CourseID) -> Bool {
        if case .success = results[course] { true } else { false }
    }

    /// The opcodes of the control primitives that were sent, and nil for every command.
    var opcodes: [UInt8?] {
        sent.map { $0.request.category == .controlPrimitive ? $0.request.opcode : nil }
    }

    // MARK: Actions

    private mutating func carryOut() throws {
        while let action = dialogue.nextAction() {
            switch action {
            case .send(let exchange, let transmission):
                let request = try Request.parse(transmission.message)
                sent.append((request, now))
                open.append(Open(exchange: exchange, request: request))
                if sendsAtOnce { dialogue.handle(.sent(exchange), at: now) }
            case .sendAgain(let exchange, let transmission):
                let index = try XCTUnwrap(open.firstIndex { $0.exchange == exchange })
                let request = try Request.parse(transmission.message)
                XCTAssertEqual(request, open[index].request)
                sent.append((request, now))
                open[index].transmissions += 1
                if sendsAtOnce { dialogue.handle(.sent(exchange), at: now) }
            case .end(let exchange, _):
                open.removeAll { $0.exchange == exchange }
            case .finish(let course, let result):
                XCTAssertNil(results[course], "finished twice")
                results[course] = result
            case .tellGap(let gap):
                gaps.append(gap)
            }
        }
    }
}
