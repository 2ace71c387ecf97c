import EventLoop
import MCTP
import NVMeMI
import TestSupport
import XCTest

@testable import NVMeMIClient

private let poll = SubsystemHealthStatusPoll()

/// The error that a command ends with.
@LoopActor
private func failure<C: Command>(
    of session: EndpointSession,
    _ command: C,
    _ options: CommandOptions = CommandOptions()
) async -> SessionError? {
    do {
        _ = try await session.perform(command, options)
        return nil
    } catch {
        return error
    }
}

@LoopActor
private final class Counter {
    var count = 0
}

@LoopActor
private final class Times {
    var all: [MonotonicInstant] = []
}

/// Runs bodies side by side until all have ended.
@LoopActor
private func together(_ bodies: [@LoopActor @Sendable () async -> Void]) async {
    for task in bodies.map({ EventLoop.main.spawn($0) }) { await task.value }
}

private func moreProcessing(_ time: UInt16, to request: Request) -> [UInt8] {
    Response.encode(MoreProcessingRequired(time: time), to: request)
}

/// The time that a command takes whose drive asks for more than an hour.
@LoopActor
private func demand(
    _ session: EndpointSession,
    _ transport: ScriptedTransport,
    _ options: CommandOptions = CommandOptions()
) async -> Duration {
    transport.respond = { received in
        guard !received.isControlPrimitive else { return }
        received.exchange.deliver(moreProcessing(.max, to: received.request))
    }
    let start = EventLoop.main.now
    let error = await failure(of: session, poll, options)
    guard case .timedOut(let report) = error else {
        XCTFail("\(error as Any)")
        return .zero
    }
    XCTAssertEqual(report.phase, .moreProcessing)
    XCTAssertEqual(report.limit, EventLoop.main.now - start)
    return EventLoop.main.now - start
}

/// Two rounds of a long command with a health poll beside it; the slots of the commands.
@LoopActor
private func pollsBesideLongCommands(
    _ session: EndpointSession,
    _ transport: ScriptedTransport
) async throws -> [CommandSlot] {
    for _ in 0..<2 {
        let long = EventLoop.main.spawn {
            _ = try? await session.perform(
                poll,
                CommandOptions(timeLimit: .seconds(4), priority: .bulk)
            )
        }
        try await sleep(for: .milliseconds(1))
        let error = await failure(of: session, poll, CommandOptions(priority: .health))
        XCTAssertNil(error)
        await long.value
    }
    return transport.requests.filter { $0.category == .managementInterface }.map(\.slot)
}

/// The session against a scripted drive, on a virtual clock.
final class EndpointSessionTests: XCTestCase {
    /// Runs a test with a session whose drive answers at once, unless the test says otherwise; in the
    /// end no exchange may be open.
    private func test(
        _ settings: SessionSettings = SessionSettings(),
        _ body:
            @escaping @LoopActor @Sendable (EndpointSession, ScriptedTransport) async throws -> Void
    ) throws {
        try runLoop(virtualClock: true) {
            let transport = ScriptedTransport()
            transport.respond = { $0.answer() }
            let session = EndpointSession(
                to: EndpointAddress(
                    network: NetworkID(rawValue: 1),
                    endpoint: EndpointID(rawValue: 9)
                ),
                over: transport,
                settings: settings
            )
            try await body(session, transport)
            XCTAssertEqual(transport.open, 0, "exchanges left open")
        }
    }

    func testAnswer() throws {
        try test { session, transport in
            let health = try await session.perform(poll)
            XCTAssertEqual(health.temperature.celsius, 46)
            XCTAssertEqual(transport.requests.count, 1)
            XCTAssertEqual(session.statistics.commands, 1)
            XCTAssertEqual(session.statistics.answers, 1)
            XCTAssertEqual(session.statistics.bytesSent, 20)
            XCTAssertEqual(session.statistics.bytesReceived, 20)
        }
    }

    // MARK: Repetition

    func testDamagedAnswerIsRepeatedOnce() throws {
        try test { session, transport in
            transport.respond = { received in
                var answer = ScriptedTransport.Received.answer(to: received.request)
                if transport.requests.count == 1 { answer[10] ^= 1 }
                received.exchange.deliver(answer)
            }
            _ = try await session.perform(poll)
            XCTAssertEqual(transport.requests.count, 2)
            XCTAssertEqual(session.statistics.repetitions, 1)
            XCTAssertEqual(session.statistics.integrityErrors, 1)
        }
    }

    func testAnswersThatStayDamagedFail() throws {
        try test { session, transport in
            transport.respond = { received in
                var answer = ScriptedTransport.Received.answer(to: received.request)
                answer[10] ^= 1
                received.exchange.deliver(answer)
            }
            guard case .envelope(.badMessageIntegrityCheck) = await failure(of: session, poll)
            else { return XCTFail("expected an integrity error") }
            XCTAssertEqual(transport.requests.count, 2)
        }
    }

    func testCommandThatMustNotBeRepeatedIsNot() throws {
        try test { session, transport in
            transport.respond = { received in
                var answer = ScriptedTransport.Received.answer(to: received.request)
                answer[10] ^= 1
                received.exchange.deliver(answer)
            }
            let clear = SubsystemHealthStatusPoll(clearsStatus: true)
            guard case .envelope = await failure(of: session, clear) else {
                return XCTFail("expected an envelope error")
            }
            XCTAssertEqual(transport.requests.count, 1)
        }
    }

    func testLostAnswerIsFoundOutAndRepeated() throws {
        try test { session, transport in
            transport.respond = { received in
                // The first command is carried out, but its answer never comes.
                if transport.requests.count > 1 { received.answer() }
            }
            _ = try await session.perform(poll)
            XCTAssertEqual(
                transport.requests.map(\.category),
                [.managementInterface, .controlPrimitive, .managementInterface]
            )
            XCTAssertEqual(session.statistics.lostAnswers, 1)
            XCTAssertEqual(session.statistics.timeouts, 0)
        }
    }

    func testLostAnswerOfACommandThatMustNotBeRepeatedFailsAsSuch() throws {
        try test { session, transport in
            transport.respond = { if $0.isControlPrimitive { $0.answer() } }
            let clear = SubsystemHealthStatusPoll(clearsStatus: true)
            guard case .answerLost = await failure(of: session, clear) else {
                return XCTFail("expected a lost answer")
            }
            XCTAssertEqual(transport.requests.count, 2)
        }
    }

    func testAnswerThatComesWhileTheDriveIsAskedIsTaken() throws {
        try test { session, transport in
            var first: ScriptedTransport.Received?
            transport.respond = { received in
                if received.isControlPrimitive {
                    first?.answer(temperature: 0x11)
                    received.answer()
                } else {
                    first = received
                }
            }
            let health = try await session.perform(poll)
            XCTAssertEqual(health.temperature.celsius, 0x11)
            XCTAssertEqual(session.statistics.repetitions, 0)
        }
    }

    // MARK: Deadlines

    func testMuteDriveFailsExactlyAtTheLimit() throws {
        try test { session, transport in
            transport.respond = { _ in }
            let start = EventLoop.main.now
            let error = await failure(
                of: session,
                poll,
                CommandOptions(timeLimit: .milliseconds(700))
            )
            guard case .timedOut(let report) = error else { return XCTFail("\(error as Any)") }
            XCTAssertEqual(report.phase, .answer)
            XCTAssertEqual(report.limit, .milliseconds(700))
            XCTAssertEqual(EventLoop.main.now, start + .milliseconds(700))
            XCTAssertEqual(session.unansweredInARow, 1)
        }
    }

    func testSlowDriveThatSaysItIsWorkingIsWaitedFor() throws {
        try test { session, transport in
            transport.respond = { received in
                if received.isControlPrimitive {
                    received.exchange.deliver(
                        ScriptedTransport.Received.state(.process, to: received.request)
                    )
                } else {
                    received.answer(after: .milliseconds(4900))
                }
            }
            _ = try await session.perform(poll)
            XCTAssertEqual(session.statistics.repetitions, 0)
            XCTAssertEqual(
                transport.requests.filter { $0.category == .managementInterface }.count,
                1
            )
        }
    }

    func testSlowDriveWithoutControlPrimitivesIsWaitedFor() throws {
        try test { session, transport in
            transport.respond = { if !$0.isControlPrimitive { $0.answer(after: .seconds(4)) } }
            _ = try await session.perform(poll)
            XCTAssertEqual(session.statistics.repetitions, 0)
        }
    }

    func testQueueingCountsAgainstTheLimit() throws {
        try test { session, transport in
            transport.respond = { _ in }
            let long = EventLoop.main.spawn {
                _ = await failure(of: session, poll, CommandOptions(timeLimit: .seconds(3)))
            }
            try await sleep(for: .milliseconds(1))
            let start = EventLoop.main.now
            let error = await failure(
                of: session,
                poll,
                CommandOptions(timeLimit: .seconds(1))
            )
            guard case .timedOut(let report) = error else { return XCTFail("\(error as Any)") }
            XCTAssertEqual(report.phase, .queue)
            XCTAssertEqual(EventLoop.main.now, start + .seconds(1))
            await long.value
        }
    }

    // MARK: More Processing Required

    func testMoreProcessingRequiredIsFollowed() throws {
        try test { session, transport in
            transport.respond = { received in
                received.exchange.deliver(moreProcessing(30, to: received.request))
                received.answer(after: .seconds(3))
            }
            _ = try await session.perform(poll)
            XCTAssertEqual(session.statistics.moreProcessing, 1)
            XCTAssertEqual(transport.requests.count, 1)
        }
    }

    func testMoreProcessingRequiredExtendsTheUsualLimitToTheLongest() throws {
        try test { session, transport in
            let time = await demand(session, transport)
            XCTAssertEqual(time, .seconds(60))
        }
    }

    func testMoreProcessingRequiredDoesNotExtendTheCallersLimit() throws {
        try test { session, transport in
            let time = await demand(
                session,
                transport,
                CommandOptions(timeLimit: .seconds(7))
            )
            XCTAssertEqual(time, .seconds(7))
        }
    }

    func testMoreProcessingRequiredDoesNotExtendTheConfiguredLimit() throws {
        var settings = SessionSettings()
        settings.timeLimit = .seconds(3)
        try test(settings) { session, transport in
            let time = await demand(session, transport)
            XCTAssertEqual(time, .seconds(3))
        }
    }

    func testLongAnswerThatWasAnnouncedIsWaitedFor() throws {
        try test { session, transport in
            transport.respond = { received in
                guard !received.isControlPrimitive else { return }
                received.exchange.deliver(moreProcessing(300, to: received.request))
                received.answer(after: .seconds(29))
            }
            _ = try await session.perform(poll)
        }
    }

    func testMoreProcessingRequiredAgainAndAgainEndsAtTheLongestLimit() throws {
        try test { session, transport in
            transport.respond = { received in
                guard !received.isControlPrimitive else { return received.answer() }
                for count in 0..<595 {
                    received.exchange.deliver(
                        moreProcessing(10, to: received.request),
                        after: .milliseconds(100 * count)
                    )
                }
            }
            let start = EventLoop.main.now
            let error = await failure(of: session, poll)
            guard case .timedOut(let report) = error else { return XCTFail("\(error as Any)") }
            XCTAssertEqual(report.phase, .moreProcessing)
            XCTAssertEqual(EventLoop.main.now, start + .seconds(60))
            XCTAssertGreaterThan(session.statistics.moreProcessing, 500)
        }
    }

    // MARK: Wrong answers

    func testAnswerInTheWrongSlotFailsAndTheNextCommandWorks() throws {
        try test { session, transport in
            transport.respond = { received in
                if transport.requests.count == 1 {
                    received.exchange.deliver(
                        Response.encode(category: .managementInterface, slot: .one)
                    )
                } else {
                    received.answer()
                }
            }
            let error = await failure(of: session, poll)
            guard case .mismatch(let what) = error else { return XCTFail("\(error as Any)") }
            XCTAssertTrue(what.contains("slot 1"), what)
            _ = try await session.perform(poll)
            XCTAssertEqual(
                transport.requests.map(\.category),
                [.managementInterface, .controlPrimitive, .controlPrimitive, .managementInterface],
                "the slot is aborted and asked for before it is used again"
            )
        }
    }

    func testAnswerToAnotherCategoryFails() throws {
        try test { session, transport in
            transport.respond = { received in
                received.exchange.deliver(Response.encode(category: .admin, slot: .zero))
            }
            guard case .mismatch = await failure(of: session, poll) else {
                return XCTFail("expected a mismatch")
            }
        }
    }

    func testShortMessageFails() throws {
        try test { session, transport in
            transport.respond = { $0.exchange.deliver([0x84, 0x88, 0, 0]) }
            guard case .envelope(.tooShort) = await failure(of: session, poll) else {
                return XCTFail("expected a short message")
            }
        }
    }

    func testShortDataFails() throws {
        try test { session, transport in
            transport.respond = { received in
                received.exchange.deliver(
                    Response.encode(category: .managementInterface, slot: .zero, body: [0x38])
                )
            }
            guard case .decoding = await failure(of: session, poll) else {
                return XCTFail("expected a decoding error")
            }
        }
    }

    func testOthersAnswersOnASharedCarrierArePassedOver() throws {
        try test { session, transport in
            transport.isShared = true
            transport.respond = { received in
                received.exchange.deliver(Response.encode(category: .admin, slot: .zero))
                received.exchange.deliver(
                    Response.encode(category: .managementInterface, slot: .one)
                )
                received.answer(after: .milliseconds(1))
            }
            _ = try await session.perform(poll)
            XCTAssertEqual(session.statistics.mismatches, 2)
        }
    }

    func testAnswerThatComesTwiceOnACarrierWithoutTagsIsNotTakenForTheNext() throws {
        try test { session, transport in
            transport.isShared = true
            _ = try await session.perform(poll)
            let clear = SubsystemHealthStatusPoll(clearsStatus: true)
            transport.respond = { received in
                received.answer()
                received.answer(temperature: 0x11, after: .milliseconds(5))
            }
            let health = try await session.perform(clear)
            XCTAssertEqual(health.temperature.celsius, 0x11)
        }
    }

    func testEqualAnswersToDifferentCommandsAreTaken() throws {
        try test { session, transport in
            transport.isShared = true
            _ = try await session.perform(poll)
            let health = try await session.perform(SubsystemHealthStatusPoll(clearsStatus: true))
            XCTAssertEqual(health.temperature.celsius, 46)
            let start = EventLoop.main.now
            for _ in 0..<3 { _ = try await session.perform(poll) }
            XCTAssertEqual(EventLoop.main.now - start, .milliseconds(20), "held but once")
        }
    }

    func testRefusalIsADeviceError() throws {
        try test { session, transport in
            transport.respond = { received in
                received.exchange.deliver(
                    Response.encode(refusing: received.request, status: .invalidCommandOpcode)
                )
            }
            guard case .device(let error) = await failure(of: session, poll) else {
                return XCTFail("expected a device error")
            }
            XCTAssertEqual(error.status, .invalidCommandOpcode)
            XCTAssertEqual(session.unansweredInARow, 0)
        }
    }

    func testTransportErrorPassesThrough() throws {
        try test { session, transport in
            transport.refusal = TransportError(operation: "send", kind: .unreachable)
            guard case .transport(let error) = await failure(of: session, poll) else {
                return XCTFail("expected a transport error")
            }
            XCTAssertEqual(error.kind, .unreachable)
            transport.refusal = nil
            _ = try await session.perform(poll)
            XCTAssertEqual(transport.requests.count, 1, "nothing was sent, nothing to recover")
        }
    }

    // MARK: Recovery

    func testAfterATimeoutTheSlotIsMadeIdleFirst() throws {
        try test { session, transport in
            transport.respond = { _ in }
            _ = await failure(of: session, poll)
            let before = transport.requests.count
            transport.respond = { $0.answer() }
            _ = try await session.perform(poll)
            let after = transport.requests[before...]
            XCTAssertEqual(
                after.map(\.category),
                [.controlPrimitive, .controlPrimitive, .managementInterface]
            )
            XCTAssertEqual(after.first?.opcode, 2, "Abort")
            XCTAssertEqual(session.statistics.recoveries, 1)
            _ = try await session.perform(poll)
            XCTAssertEqual(transport.requests.count, before + 4, "recovered once")
        }
    }

    func testSlotOfADriveThatDoesNotAnswerAbortStaysInQuarantine() throws {
        try test { session, transport in
            transport.respond = { _ in }
            _ = await failure(of: session, poll)
            transport.respond = { if !$0.isControlPrimitive { $0.answer() } }
            let start = EventLoop.main.now
            let error = await failure(of: session, poll)
            guard case .timedOut(let report) = error else { return XCTFail("\(error as Any)") }
            XCTAssertEqual(report.phase, .recovery)
            XCTAssertEqual(EventLoop.main.now, start + .seconds(5), "at the limit, as it says")
            try await sleep(for: .seconds(5))
            _ = try await session.perform(poll)
        }
    }

    func testSlotOfADriveThatRefusesControlPrimitivesIsUsedAgainSoon() throws {
        try test { session, transport in
            transport.respond = { received in
                guard received.isControlPrimitive else { return }
                received.exchange.deliver(
                    Response.encode(refusing: received.request, status: .invalidCommandOpcode)
                )
            }
            _ = await failure(of: session, poll)
            transport.respond = { received in
                if received.isControlPrimitive {
                    received.exchange.deliver(
                        Response.encode(
                            refusing: received.request,
                            status: .invalidCommandOpcode
                        )
                    )
                } else {
                    received.answer()
                }
            }
            let start = EventLoop.main.now
            _ = try await session.perform(poll)
            XCTAssertLessThanOrEqual(EventLoop.main.now, start + .milliseconds(1200))
        }
    }

    func testLostCarrierLeavesTheSlotInDoubt() throws {
        try test { session, transport in
            transport.respond = { $0.exchange.breakDown() }
            guard case .transport = await failure(of: session, poll) else {
                return XCTFail("expected a transport error")
            }
            transport.respond = { $0.answer() }
            _ = try await session.perform(poll)
            XCTAssertEqual(session.statistics.recoveries, 1, "the answer may still come")
        }
    }

    func testClosedSessionSendsNothingMore() throws {
        try test { session, transport in
            transport.respond = { _ in }
            _ = await failure(of: session, poll, CommandOptions(timeLimit: .milliseconds(100)))
            let recovering = EventLoop.main.spawn {
                guard case .closed("gone") = await failure(of: session, poll) else {
                    return XCTFail("expected a closed session")
                }
            }
            try await sleep(for: .milliseconds(10))
            let sent = transport.requests.count
            session.close(reason: "gone")
            await recovering.value
            XCTAssertEqual(transport.requests.count, sent)
        }
    }

    // MARK: Slots

    func testOneCommandAtATimeInASlot() throws {
        try test { session, transport in
            transport.respond = { $0.answer(after: .milliseconds(10)) }
            let start = EventLoop.main.now
            await together(
                Array(repeating: { _ = try? await session.perform(poll) }, count: 5)
            )
            XCTAssertEqual(transport.mostOpen, 1)
            XCTAssertEqual(EventLoop.main.now, start + .milliseconds(50))
            XCTAssertEqual(session.statistics.answers, 5)
        }
    }

    func testHealthPollUsesTheSecondSlotWhileTheFirstIsBusy() throws {
        try test { session, transport in
            transport.respond = { received in
                received.answer(after: received.request.slot == .zero ? .seconds(1) : .zero)
            }
            let long = EventLoop.main.spawn { _ = try? await session.perform(poll) }
            try await sleep(for: .milliseconds(1))
            let start = EventLoop.main.now
            _ = try await session.perform(poll, CommandOptions(priority: .health))
            XCTAssertEqual(EventLoop.main.now, start, "answered while slot 0 is busy")
            let commands = transport.requests.filter { $0.category == .managementInterface }
            XCTAssertEqual(commands.map(\.slot), [.zero, .one])
            XCTAssertEqual(session.secondSlot, .works)
            await long.value
        }
    }

    func testDriveWithoutASecondSlotIsFoundOutAndItsPollsAreAnswered() throws {
        try test { session, transport in
            transport.respond = { received in
                guard received.request.slot == .zero else { return }
                received.answerOfWork(for: .seconds(2))
            }
            var slots: [CommandSlot] = []
            for silences in 1...3 {
                XCTAssertEqual(session.secondSlot, .unknown, "one lost answer is no missing slot")
                slots = try await pollsBesideLongCommands(session, transport)
                let asked = transport.requests.filter { $0.slot == .one }
                XCTAssertEqual(asked.count, silences, "asked once in a while, never sent a command")
                try await sleep(for: .seconds(10))
            }
            XCTAssertEqual(session.secondSlot, .missing)
            XCTAssertEqual(Set(slots), [.zero])
            _ = try await pollsBesideLongCommands(session, transport)
            XCTAssertEqual(transport.requests.filter { $0.slot == .one }.count, 3)
            session.forgetFailures()
            XCTAssertEqual(session.secondSlot, .unknown)
        }
    }

    func testDriveThatRefusesTheSecondSlotIsRemembered() throws {
        try test { session, transport in
            transport.respond = { received in
                received.answerOfWork(
                    for: .seconds(2),
                    inSlotOne: { request in
                        Response.encode(refusing: request, status: .invalidParameter)
                    }
                )
            }
            _ = try await pollsBesideLongCommands(session, transport)
            session.forgetFailures()
            XCTAssertEqual(session.secondSlot, .missing)
        }
    }

    func testDamagedAnswerToGetStateIsNoRefusal() throws {
        try test { session, transport in
            transport.respond = { _ in }
            _ = await failure(of: session, poll)
            transport.respond = { received in
                guard received.isControlPrimitive else { return received.answer() }
                var answer = ScriptedTransport.Received.state(.process, to: received.request)
                answer[answer.count - 1] ^= 1
                received.exchange.deliver(answer)
            }
            try await sleep(for: .seconds(2))
            let error = await failure(of: session, poll)
            guard case .timedOut(let report) = error else { return XCTFail("\(error as Any)") }
            XCTAssertEqual(report.phase, .recovery, "the drive may still work on the first")
        }
    }

    func testDriveThatTakesTheSecondSlotForTheFirstIsFoundOut() throws {
        try test { session, transport in
            transport.respond = { received in
                received.answerOfWork(
                    for: .seconds(2),
                    inSlotOne: { _ in
                        Response.encode(category: .controlPrimitive, slot: .zero)
                    }
                )
            }
            let slots = try await pollsBesideLongCommands(session, transport)
            XCTAssertEqual(session.secondSlot, .missing)
            XCTAssertEqual(slots, [.zero, .zero, .zero, .zero])
        }
    }

    func testSecondSlotOfASilentDriveStaysUnknown() throws {
        try test { session, transport in
            transport.respond = { _ in }
            let long = EventLoop.main.spawn { _ = try? await session.perform(poll) }
            try await sleep(for: .milliseconds(1))
            _ = await failure(of: session, poll, CommandOptions(priority: .health))
            await long.value
            XCTAssertEqual(session.secondSlot, .unknown)
        }
    }

    func testHealthPollPassesASlotThatCannotBeRecovered() throws {
        try test { session, transport in
            transport.respond = { received in
                if received.isControlPrimitive {
                    // Slot 0 works for ever on what it was told first.
                    received.exchange.deliver(
                        ScriptedTransport.Received.state(
                            received.request.slot == .zero ? .process : .idle,
                            to: received.request
                        )
                    )
                } else if received.request.slot == .one {
                    received.answer()
                }
            }
            _ = await failure(of: session, poll, CommandOptions(timeLimit: .seconds(1)))
            let start = EventLoop.main.now
            _ = try await session.perform(poll, CommandOptions(priority: .health))
            XCTAssertEqual(EventLoop.main.now, start, "in slot 1, at once")
        }
    }

    func testExclusiveCommandMeetsNoOther() throws {
        try test { session, transport in
            transport.respond = { $0.answer(after: .milliseconds(100)) }
            await together([
                { _ = try? await session.perform(poll) },
                { _ = try? await session.perform(poll, CommandOptions(priority: .health)) },
                {
                    _ = try? await session.perform(
                        ConfigurationSet.TransmissionUnitSize(port: 1, size: 128),
                        CommandOptions(isExclusive: true)
                    )
                    XCTAssertEqual(transport.open, 0, "nothing beside it")
                },
            ])
            XCTAssertEqual(session.statistics.answers, 3)
            _ = try await session.perform(poll)
        }
    }

    func testExclusiveCommandBringsBothSlotsToRest() throws {
        try test { session, transport in
            transport.respond = { received in
                switch (received.isControlPrimitive, received.request.slot) {
                case (false, .zero): received.answer(after: .seconds(2))
                case (true, .one) where session.secondSlot == .works:
                    received.exchange.deliver(
                        ScriptedTransport.Received.state(.process, to: received.request)
                    )
                case (true, _): received.answer()
                default: break
                }
            }
            let long = EventLoop.main.spawn { _ = try? await session.perform(poll) }
            try await sleep(for: .milliseconds(1))
            _ = await failure(
                of: session,
                SubsystemHealthStatusPoll(clearsStatus: true),
                CommandOptions(timeLimit: .seconds(1), priority: .health)
            )
            await long.value
            let before = transport.requests.count
            _ = await failure(
                of: session,
                ConfigurationSet.TransmissionUnitSize(port: 1, size: 128),
                CommandOptions(isExclusive: true)
            )
            let asked = transport.requests[before...].prefix { $0.category == .controlPrimitive }
            XCTAssertFalse(asked.isEmpty, "slot 1 may still work")
            XCTAssertEqual(Set(asked.map(\.slot)), [.one])
        }
    }

    func testControlPrimitivesOfCallersGoOneAtATime() throws {
        try test { session, transport in
            transport.respond = { $0.answer(after: .milliseconds(10)) }
            let start = EventLoop.main.now
            await together(
                Array(
                    repeating: {
                        let error = await failure(of: session, GetState(tag: 1))
                        XCTAssertNil(error)
                    },
                    count: 5
                ) + [{ _ = try? await session.perform(poll) }]
            )
            XCTAssertEqual(transport.mostOpen, 2, "one, beside the command")
            XCTAssertEqual(EventLoop.main.now, start + .milliseconds(50))
        }
    }

    // MARK: Limits and ends

    func testFullQueueRefuses() throws {
        var settings = SessionSettings()
        settings.queueLimitPerSender = 2
        try test(settings) { session, transport in
            transport.respond = { $0.answer(after: .milliseconds(10)) }
            let refusals = Counter()
            await together(
                Array(
                    repeating: {
                        if case .queueFull(2, ofOneSender: true) = await failure(
                            of: session,
                            poll,
                            CommandOptions(sender: ":1.7")
                        ) {
                            refusals.count += 1
                        }
                    },
                    count: 5
                )
            )
            XCTAssertEqual(refusals.count, 2)
            XCTAssertEqual(session.statistics.refused, 2)
        }
    }

    func testCancelledWaiterLeavesTheQueue() throws {
        try test { session, transport in
            transport.respond = { $0.answer(after: .seconds(1)) }
            let first = EventLoop.main.spawn { _ = try? await session.perform(poll) }
            try await sleep(for: .milliseconds(1))
            let second = EventLoop.main.spawn {
                guard case .cancelled = await failure(of: session, poll) else {
                    return XCTFail("expected cancellation")
                }
            }
            try await sleep(for: .milliseconds(1))
            XCTAssertEqual(session.queueDepth, 1)
            second.cancel()
            await second.value
            XCTAssertEqual(session.queueDepth, 0)
            await first.value
            XCTAssertEqual(transport.requests.count, 1)
        }
    }

    func testCancelledCommandIsAbortedAtOnce() throws {
        try test { session, transport in
            transport.respond = { if $0.isControlPrimitive { $0.answer() } }
            let command = EventLoop.main.spawn {
                guard case .cancelled = await failure(of: session, poll) else {
                    return XCTFail("expected cancellation")
                }
            }
            try await sleep(for: .milliseconds(1))
            command.cancel()
            await command.value
            XCTAssertEqual(transport.open, 0)
            XCTAssertEqual(
                transport.requests.map(\.category),
                [.managementInterface, .controlPrimitive, .controlPrimitive]
            )
            XCTAssertEqual(transport.requests[1].opcode, 2, "Abort")
            transport.respond = { $0.answer() }
            _ = try await session.perform(poll)
            XCTAssertEqual(session.statistics.recoveries, 1, "nothing is left to be recovered")
            XCTAssertEqual(session.statistics.cancelled, 1)
        }
    }

    func testCancelledCommandThatChangesTheDriveIsCarriedToItsEnd() throws {
        try test { session, transport in
            transport.respond = { $0.answer(after: .seconds(1)) }
            let clear = SubsystemHealthStatusPoll(clearsStatus: true)
            let command = EventLoop.main.spawn { _ = try? await session.perform(clear) }
            try await sleep(for: .milliseconds(1))
            command.cancel()
            _ = try await session.perform(poll)
            await command.value
            XCTAssertEqual(
                transport.requests.map(\.category),
                [.managementInterface, .managementInterface],
                "no Abort"
            )
        }
    }

    func testDriveThatMustNotBeSentControlPrimitivesIsSentNone() throws {
        var settings = SessionSettings()
        settings.usesControlPrimitives = false
        try test(settings) { session, transport in
            transport.respond = { _ in }
            _ = await failure(of: session, poll)
            transport.respond = { $0.answer() }
            _ = try await session.perform(poll)
            XCTAssertFalse(transport.requests.contains { $0.category == .controlPrimitive })
        }
    }

    func testSuspendedSessionFailsEverythingUntilItResumes() throws {
        try test { session, transport in
            transport.respond = { _ in }
            let waiting = EventLoop.main.spawn {
                await together(
                    Array(
                        repeating: {
                            guard case .closed("away") = await failure(of: session, poll) else {
                                return XCTFail("expected a suspended session")
                            }
                        },
                        count: 3
                    )
                )
            }
            try await sleep(for: .milliseconds(1))
            let start = EventLoop.main.now
            session.suspend(reason: "away")
            await waiting.value
            guard case .closed("away") = await failure(of: session, poll) else {
                return XCTFail("expected a suspended session")
            }
            XCTAssertEqual(EventLoop.main.now, start, "at once")
            transport.respond = { $0.answer() }
            session.resume()
            _ = try await session.perform(poll)
            session.close(reason: "gone")
            session.resume()
            guard case .closed("gone") = await failure(of: session, poll) else {
                return XCTFail("a closed session stays closed")
            }
        }
    }

    func testClosedSessionFailsWaitingAndNewCommands() throws {
        try test { session, transport in
            transport.respond = { _ in }
            let closed = Counter()
            let waiting = EventLoop.main.spawn {
                await together(
                    Array(
                        repeating: {
                            if case .closed("gone") = await failure(of: session, poll) {
                                closed.count += 1
                            }
                        },
                        count: 3
                    )
                )
            }
            try await sleep(for: .milliseconds(1))
            let start = EventLoop.main.now
            session.close(reason: "gone")
            await waiting.value
            XCTAssertEqual(EventLoop.main.now, start, "at once")
            XCTAssertEqual(closed.count, 3)
            guard case .closed = await failure(of: session, poll) else {
                return XCTFail("expected a closed session")
            }
        }
    }

    func testNothingIsLeftOfASessionThatHasEnded() throws {
        try runLoop(virtualClock: true) {
            let transport = ScriptedTransport()
            let timers = EventLoop.main.pendingTimers
            weak var session: EndpointSession?
            do {
                let open = EndpointSession(
                    to: EndpointAddress(
                        network: NetworkID(rawValue: 1),
                        endpoint: EndpointID(rawValue: 9)
                    ),
                    over: transport
                )
                session = open
                transport.respond = { $0.answer() }
                _ = try await open.perform(poll)
                transport.respond = { _ in }
                _ = await failure(of: open, poll)
                transport.refusal = TransportError(operation: "send", kind: .unreachable)
                _ = await failure(of: open, poll, CommandOptions(timeLimit: .seconds(1)))
                transport.refusal = nil
                let cancelled = EventLoop.main.spawn { _ = await failure(of: open, poll) }
                let waiting = EventLoop.main.spawn {
                    await together(
                        Array(repeating: { _ = await failure(of: open, poll) }, count: 20)
                    )
                }
                try await sleep(for: .milliseconds(10))
                cancelled.cancel()
                await cancelled.value
                open.close(reason: "gone")
                await waiting.value
            }
            XCTAssertNil(session, "something refers to it")
            XCTAssertEqual(transport.open, 0)
            XCTAssertEqual(EventLoop.main.pendingTimers, timers)
        }
    }

    func testMinimumGapIsKept() throws {
        var settings = SessionSettings()
        settings.minimumGap = .milliseconds(5)
        try test(settings) { session, _ in
            let start = EventLoop.main.now
            for _ in 0..<3 { _ = try await session.perform(poll) }
            XCTAssertEqual(EventLoop.main.now, start + .milliseconds(10))
        }
    }

    func testMinimumGapIsKeptAfterADamagedAnswerAndBetweenSlots() throws {
        var settings = SessionSettings()
        settings.minimumGap = .milliseconds(5)
        try test(settings) { session, transport in
            let times = Times()
            transport.respond = { received in
                times.all.append(EventLoop.main.now)
                var answer = ScriptedTransport.Received.answer(to: received.request)
                if times.all.count == 1 { answer[answer.count - 1] ^= 1 }
                received.exchange.deliver(answer, after: .milliseconds(20))
            }
            await together([
                { _ = try? await session.perform(poll) },
                { _ = try? await session.perform(poll, CommandOptions(priority: .health)) },
            ])
            XCTAssertGreaterThan(times.all.count, 2)
            for (earlier, later) in zip(times.all, times.all.dropFirst()) {
                XCTAssertGreaterThanOrEqual(later, earlier + .milliseconds(5))
            }
            XCTAssertGreaterThanOrEqual(times.all[2], times.all[0] + .milliseconds(25))
        }
    }
}
