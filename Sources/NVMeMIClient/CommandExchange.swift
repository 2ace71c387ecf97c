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
    /// Has the drive end a command whose caller has left: it need not go on with what nobody wants to
    /// know, and the next command finds it idle.
    private func abandon(_ slot: CommandSlot) async {
        let time = Undertaking(
            Abort.declaration,
            limit: Self.abortTimeLimit,
            longest: Self.abortTimeLimit
        )
        try? await toTheEnd { () async throws(SessionError) in
            try await self.makeIdle(slot, time)
        }
    }

    /// How long a command whose caller has left is aborted before the next may try.
    private static let abortTimeLimit: Duration = .seconds(2)

    /// Runs something that the cancellation of the caller does not end.
    func toTheEnd<Success: Sendable>(
        _ body: @escaping @LoopActor @Sendable () async throws(SessionError) -> Success
    ) async throws(SessionError) -> Success {
        let task = EventLoop.main.spawn { () async throws -> Success in try await body() }
        do {
            return try await task.value
        } catch {
            throw error as? SessionError ?? .cancelled
        }
    }

    /// Carries a command out in its slot; once more after a damaged or lost answer when the command may
    /// be repeated.
    func carryOut<C: Command>(
        _ command: C,
        slot: CommandSlot,
        _ undertaking: Undertaking
    ) async throws(SessionError) -> Response {
        var mayRepeat = undertaking.isRepeatable
        while true {
            if slots[slot.index].suspectSince != nil { try await makeIdle(slot, undertaking) }
            do {
                return try await exchange(command, slot: slot, undertaking)
            } catch {
                if case .cancelled = error, slots[slot.index].suspectSince != nil {
                    await abandon(slot)
                }
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
        var undertaking = undertaking
        if settings.minimumGap > .zero { try await keepMinimumGap() }
        let category = undertaking.category
        let request = command.encode(slot: slot)
        let exchange = try begin { message in
            guard let header = MessageHeader(of: message) else { return false }
            return header.isResponse && header.category == category && header.slot == slot
        }
        running[ObjectIdentifier(exchange)] = exchange
        var isAnswered = false
        defer {
            running[ObjectIdentifier(exchange)] = nil
            exchange.end(answersMayCome: !isAnswered)
        }
        let sent = EventLoop.main.now
        lastSent = sent
        do {
            try await exchange.send(request)
        } catch {
            throw failure(error)
        }
        statistics.bytesSent += UInt64(request.count)
        // From here on the drive has something in the slot, until it is known that it has not.
        var isSlotClear = category == .controlPrimitive
        defer { if !isSlotClear { doubt(slot, since: sent) } }

        let mayAsk = category != .controlPrimitive && settings.usesControlPrimitives
        var checkAt = mayAsk ? sent + undertaking.limit / 5 * 2 : undertaking.deadline
        var phase = TimeoutReport.Phase.answer
        var isSlotIdle = false
        var foreign: String?
        // Perhaps the last command's answer once more; perhaps the same answer to this one.
        var held: Response?
        while true {
            let message: [UInt8]
            do {
                message = try await exchange.receive(until: min(checkAt, undertaking.deadline))
                lastHeard = EventLoop.main.now
                statistics.bytesReceived += UInt64(message.count)
            } catch {
                guard error.kind == .timedOut else { throw failure(error) }
                if let held {
                    isSlotClear = true
                    slots[slot.index].last?.request = request
                    record(undertaking, since: sent)
                    return held
                }
                if isSlotIdle {
                    statistics.lostAnswers += 1
                    // Without tags the answer, were it to come still, could be taken for the next.
                    isSlotClear = !transport.isShared
                    throw .answerLost(note: foreign)
                }
                guard EventLoop.main.now < undertaking.deadline else {
                    throw undertaking.timedOut(phase, note: foreign)
                }
                switch try await state(of: slot, within: undertaking) {
                case .told(.idle):
                    // The answer may have come while the drive was asked.
                    isSlotIdle = true
                    checkAt = EventLoop.main.now
                case .told:
                    if phase == .answer { phase = .answeringOtherwise }
                    checkAt = EventLoop.main.now + undertaking.limit / 5
                case .refused:
                    if phase == .answer { phase = .answeringOtherwise }
                    checkAt = undertaking.deadline
                case .mistaken, .silent:
                    checkAt = undertaking.deadline
                }
                continue
            }
            let judgement: Judgement
            do {
                judgement = try judge(message, as: command, slot: slot)
            } catch {
                // A damaged answer is an answer.
                isAnswered = error.isCuredByRepetition
                isSlotClear = isSlotClear || isAnswered
                throw error
            }
            switch judgement {
            case .answer(let response):
                if held == nil, slots[slot.index].isRepetition(message, to: request),
                    transport.isShared
                {
                    held = response
                    checkAt = EventLoop.main.now + Self.repetitionTime
                    continue
                }
                isAnswered = true
                isSlotClear = true
                slots[slot.index].silences = 0
                slots[slot.index].last = transport.isShared ? (request, message) : nil
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
                phase = .moreProcessing
                isSlotIdle = false
                let now = EventLoop.main.now
                if let time, time > .zero {
                    undertaking.extend(by: time, at: now)
                    // The time is the drive's own worst case; some is left for the way.
                    checkAt = mayAsk ? now + time + undertaking.limit / 5 : undertaking.deadline
                } else {
                    checkAt = undertaking.deadline
                }
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
        if settings.usesControlPrimitives {
            do {
                _ = try await send(Abort(tag: nextControlTag()), slot: slot, within: undertaking)
            } catch {
                try rethrowEnd(error)
            }
        }
        while true {
            let quarantine: Duration?
            let note: String
            let pause: Duration
            var phase = TimeoutReport.Phase.recovery
            switch try await state(of: slot, within: undertaking) {
            case .told(.idle):
                slots[slot.index].suspectSince = nil
                return
            case .told:
                quarantine = nil
                phase = .busy
                note = "the drive reports the slot as busy"
                pause = .milliseconds(20)
            case .refused:
                quarantine = settings.quarantineWithoutPrimitives
                note = "the drive refuses to tell the slot's state"
                pause = .milliseconds(200)
            case .mistaken, .silent:
                quarantine = settings.quarantine
                note = "the drive answers neither Abort nor Get State"
                pause = .milliseconds(200)
            }
            let now = EventLoop.main.now
            if let quarantine, since + quarantine <= now {
                slots[slot.index].suspectSince = nil
                return
            }
            guard now < undertaking.deadline else {
                throw undertaking.timedOut(phase, note: note)
            }
            do {
                try await sleep(until: min(now + pause, undertaking.deadline))
            } catch {
                throw .cancelled
            }
        }
    }

    /// What a drive says of a slot.
    private enum SlotReport {
        case told(SlotState)
        /// It answers, but does not serve the primitive.
        case refused
        /// It answers as if it had been asked about the other slot.
        case mistaken
        /// It does not answer, or not so that it can be understood.
        case silent
    }

    /// Asks the drive for a slot's state.
    private func state(
        of slot: CommandSlot,
        within undertaking: Undertaking
    ) async throws(SessionError) -> SlotReport {
        guard settings.usesControlPrimitives else { return .refused }
        do {
            let primitive = GetState(tag: nextControlTag())
            return .told(try await send(primitive, slot: slot, within: undertaking).slotState)
        } catch {
            try rethrowEnd(error)
            switch error {
            case .device: return .refused
            case .mismatch: return .mistaken
            default: return .silent
            }
        }
    }

    /// Throws what ends the command as well as the primitive that was sent for it.
    private func rethrowEnd(_ error: SessionError) throws(SessionError) {
        switch error {
        case .cancelled, .closed: throw error
        default: break
        }
    }

    /// Sends a control primitive on behalf of a command, within a part of its time.
    private func send<Primitive: ControlPrimitive>(
        _ primitive: Primitive,
        slot: CommandSlot,
        within undertaking: Undertaking
    ) async throws(SessionError) -> Primitive.Reply {
        let part = Undertaking(primitive.declaration, within: undertaking, undertaking.limit / 5)
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
        if let refusal { throw .closed(reason: refusal) }
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

    /// Why a message could not be sent or waited for.
    private func failure(_ error: TransportError) -> SessionError {
        if let refusal { return .closed(reason: refusal) }
        return error.kind == .cancelled ? .cancelled : .transport(error)
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
    private func doubt(_ slot: CommandSlot, since sent: MonotonicInstant) {
        slots[slot.index].suspectSince = EventLoop.main.now
        guard slot == .one, let lastHeard, lastHeard > sent else { return }
        secondSlotWasSilent()
    }

    /// Notes that slot 1 was silent while the drive answered elsewhere.
    private func secondSlotWasSilent() {
        slots[CommandSlot.one.index].silences += 1
        if slots[CommandSlot.one.index].silences >= Self.silencesOfASlot { secondSlot = .missing }
    }

    /// How long the second of two equal answers to different commands is held where no tags tell them apart.
    private static let repetitionTime = Duration.milliseconds(20)

    /// Unanswered commands and questions in a row after which slot 1 is taken for missing.
    private static let silencesOfASlot = 3

    /// Finds out whether the endpoint has slot 1, by a question that does not touch slot 0: an endpoint
    /// without it may take a command for one in slot 0, and throw away what is going on there.
    ///
    /// It stays unknown when the drive answers nothing.
    func findOutSecondSlot(_ undertaking: Undertaking) async throws(SessionError) {
        let asked = EventLoop.main.now
        switch try await state(of: .one, within: undertaking) {
        case .told:
            secondSlot = .works
            return
        case .refused, .mistaken:
            secondSlot = .missing
            return
        case .silent:
            break
        }
        // Not again before long: commands have little time for questions.
        slots[CommandSlot.one.index].suspectSince = EventLoop.main.now
        if let lastHeard, lastHeard > asked {
            secondSlotWasSilent()
        } else if case .told = try await state(of: .zero, within: undertaking) {
            secondSlotWasSilent()
        }
    }

    private func record(_ undertaking: Undertaking, since sent: MonotonicInstant) {
        let now = EventLoop.main.now
        let microseconds = UInt64(clamping: (now.nanoseconds - sent.nanoseconds) / 1000)
        statistics.latencies[undertaking.name, default: LatencyHistogram()]
            .add(microseconds: microseconds)
    }

    /// Waits until the drive is ready for another command; something may be sent or heard meanwhile.
    private func keepMinimumGap() async throws(SessionError) {
        while let last = [lastHeard, lastSent].compactMap(\.self).max(),
            EventLoop.main.now < last + settings.minimumGap
        {
            do {
                try await sleep(until: last + settings.minimumGap)
            } catch {
                throw .cancelled
            }
        }
    }
}
