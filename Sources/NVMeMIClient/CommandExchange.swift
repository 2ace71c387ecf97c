import EventLoop
import MCTP
import NVMeMI

/// What a received message means to the command that waits.
private enum Judgement {
    case answer(Response)
    /// The drive needs more time; nil when it does not say how much.
    case moreProcessing(Duration?)
    /// Somebody else's, or nothing that answers this command.
    case foreign(String)
}

extension EndpointSession {
    /// Carries a command out in its slot; once more after a damaged or lost answer when the command
    /// may be repeated.
    func carryOut<C: Command>(
        _ command: C,
        slot: CommandSlot,
        _ undertaking: Undertaking
    ) async throws(SessionError) -> Response {
        try await makeIdle(slot, undertaking)
        var mayRepeat = undertaking.isRepeatable
        while true {
            do {
                return try await exchange(command, slot: slot, undertaking)
            } catch {
                if error.leavesSlotInDoubt { doubt(slot) }
                guard mayRepeat, error.isCuredByRepetition,
                    EventLoop.main.now < undertaking.deadline
                else { throw error }
                mayRepeat = false
                statistics.repetitions += 1
            }
        }
    }

    /// Sends a command once and follows it to its answer.
    ///
    /// When no answer has come for a good part of the time limit, the drive is asked for the state of
    /// the slot: one that still works is waited for to the end, one that is idle has lost the answer.
    func exchange<C: Command>(
        _ command: C,
        slot: CommandSlot,
        _ undertaking: Undertaking
    ) async throws(SessionError) -> Response {
        try await keepMinimumGap()
        let category = undertaking.category
        let request = command.encode(slot: slot)
        let exchange = try begin { message in
            guard let header = MessageHeader(of: message) else { return false }
            return header.isResponse && header.category == category && header.slot == slot
        }
        running[ObjectIdentifier(exchange)] = exchange
        defer {
            running[ObjectIdentifier(exchange)] = nil
            exchange.end()
        }
        let sent = EventLoop.main.now
        try await send(request, on: exchange)

        let deadline = undertaking.deadline
        var checkAt = category == .controlPrimitive ? deadline : sent + undertaking.limit / 5 * 2
        var phase = TimeoutReport.Phase.answer
        var isSlotIdle = false
        var foreign: String?
        var extensions = 0
        while true {
            guard let message = try await receive(on: exchange, until: min(checkAt, deadline))
            else {
                if isSlotIdle {
                    statistics.lostAnswers += 1
                    throw .answerLost(note: foreign)
                }
                guard EventLoop.main.now < deadline else {
                    throw undertaking.timedOut(phase, note: foreign)
                }
                switch await state(of: slot, within: undertaking) {
                case .idle:
                    // The answer may have come while the drive was asked.
                    isSlotIdle = true
                    checkAt = EventLoop.main.now
                case .some:
                    checkAt = EventLoop.main.now + undertaking.limit / 5
                case nil:
                    checkAt = deadline
                }
                continue
            }
            switch try judge(message, as: command, slot: slot) {
            case .answer(let response):
                record(undertaking, since: sent)
                return response
            case .foreign(let what):
                foreign = what
            case .moreProcessing(let time):
                guard exchange.outlivesFirstAnswer else {
                    throw .mismatch(
                        "More Processing Required, which cannot be followed without pre-allocated tags"
                    )
                }
                extensions += 1
                guard extensions <= settings.moreProcessingLimit else {
                    throw .moreProcessingForEver(times: extensions)
                }
                phase = .moreProcessing
                // The time is the drive's own worst case; a fifth of the limit is left for the way.
                checkAt = time.map { EventLoop.main.now + $0 + undertaking.limit / 5 } ?? deadline
            }
        }
    }

    /// Brings a slot that an earlier command left behind back to idle, before anything is sent in it.
    func makeIdle(
        _ slot: CommandSlot,
        _ undertaking: Undertaking
    ) async throws(SessionError) {
        guard let since = slots[slot.index].suspectSince else { return }
        statistics.recoveries += 1
        var isAborted = false
        do {
            _ = try await send(Abort(tag: nextControlTag()), slot: slot, within: undertaking)
            isAborted = true
        } catch {
            if case .cancelled = error { throw error }
        }
        while true {
            switch await state(of: slot, within: undertaking) {
            case .idle:
                slots[slot.index].suspectSince = nil
                return
            case .some:
                guard EventLoop.main.now < undertaking.deadline else {
                    throw undertaking.timedOut(
                        .recovery,
                        note: "the drive reports the slot as busy"
                    )
                }
                do {
                    try await sleep(for: .milliseconds(20))
                } catch {
                    throw .cancelled
                }
            case nil:
                guard isAborted || since + settings.quarantine <= EventLoop.main.now else {
                    throw undertaking.timedOut(
                        .recovery,
                        note: "the drive answers neither Abort nor Get State"
                    )
                }
                slots[slot.index].suspectSince = nil
                return
            }
        }
    }

    /// Asks the drive for a slot's state; nil when it does not say.
    private func state(
        of slot: CommandSlot,
        within undertaking: Undertaking
    ) async -> SlotState? {
        try? await send(GetState(tag: nextControlTag()), slot: slot, within: undertaking).slotState
    }

    /// Sends a control primitive on behalf of a command, within a part of its time.
    private func send<Primitive: ControlPrimitive>(
        _ primitive: Primitive,
        slot: CommandSlot,
        within undertaking: Undertaking
    ) async throws(SessionError) -> Primitive.Reply {
        let limit = undertaking.limit / 5
        let part = Undertaking(
            primitive.declaration,
            limit: limit,
            deadline: min(undertaking.deadline, EventLoop.main.now + limit)
        )
        let response = try await exchange(primitive, slot: slot, part)
        do {
            return try primitive.decode(response)
        } catch {
            throw SessionError(decodingFailure: error)
        }
    }

    /// The tag of the next control primitive, so that no answer is taken for another's.
    public func nextControlTag() -> UInt8 {
        lastControlTag &+= 1
        return lastControlTag
    }

    private func begin(
        matches: @escaping @LoopActor ([UInt8]) -> Bool
    ) throws(SessionError) -> any Exchange {
        do {
            return try transport.begin(
                to: address,
                type: .nvmeManagementInterface,
                matches: matches
            )
        } catch {
            throw .transport(error)
        }
    }

    private func send(_ request: [UInt8], on exchange: any Exchange) async throws(SessionError) {
        do {
            try await exchange.send(request)
        } catch {
            throw .transport(error)
        }
        statistics.bytesSent += UInt64(request.count)
    }

    /// The next message; nil when none came in time.
    private func receive(
        on exchange: any Exchange,
        until deadline: MonotonicInstant
    ) async throws(SessionError) -> [UInt8]? {
        do {
            let message = try await exchange.receive(until: deadline)
            statistics.bytesReceived += UInt64(message.count)
            return message
        } catch {
            if let closedReason { throw .closed(reason: closedReason) }
            if Task.isCancelled { throw .cancelled }
            guard error.kind == .timedOut else { throw .transport(error) }
            return nil
        }
    }

    private func judge<C: Command>(
        _ message: [UInt8],
        as command: C,
        slot: CommandSlot
    ) throws(SessionError) -> Judgement {
        let response: Response
        do {
            response = try Response.parse(message)
        } catch {
            if error.isIntegrityError {
                statistics.integrityErrors += 1
            } else {
                statistics.mismatches += 1
            }
            throw .envelope(error)
        }
        guard command.isAnswered(by: response, slot: slot) else {
            statistics.mismatches += 1
            let what = """
                an answer to another \(response.category) in \(response.slot), expected one to \
                \(command.declaration.name) in \(slot)
                """
            // On a carrier that others use as well it may be the answer to their command.
            guard transport.isShared else { throw .mismatch(what) }
            return .foreign(what)
        }
        if let more = response.moreProcessingRequired {
            statistics.moreProcessing += 1
            return .moreProcessing(more.milliseconds.map { .milliseconds(Int64($0)) })
        }
        return .answer(response)
    }

    /// Notes that the drive may still have something to say in this slot.
    private func doubt(_ slot: CommandSlot) {
        slots[slot.index].suspectSince = EventLoop.main.now
        if slot == .one { secondSlotWorks = false }
    }

    private func record(_ undertaking: Undertaking, since sent: MonotonicInstant) {
        let now = EventLoop.main.now
        lastAnswer = now
        let microseconds = UInt64(clamping: (now.nanoseconds - sent.nanoseconds) / 1000)
        statistics.latencies[undertaking.name, default: LatencyHistogram()]
            .add(microseconds: microseconds)
    }

    private func keepMinimumGap() async throws(SessionError) {
        guard settings.minimumGap > .zero, let lastAnswer else { return }
        let earliest = lastAnswer + settings.minimumGap
        guard EventLoop.main.now < earliest else { return }
        do {
            try await sleep(until: earliest)
        } catch {
            throw .cancelled
        }
    }
}
