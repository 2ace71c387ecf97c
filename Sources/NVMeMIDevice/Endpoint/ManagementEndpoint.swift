internal import NVMeMI

/// The Management Endpoint of one port: its two command slots, its settings and its view of changes.
///
/// Sans I/O: ``receive(_:from:at:)`` takes whole messages and returns what is to be sent now;
/// ``advance(to:)`` returns what became due, at the latest at ``nextDeadline``.
public final class ManagementEndpoint {
    /// Number of the port in the subsystem.
    public let port: UInt8
    unowned let drive: Drive
    var slots = [CommandSlotState(), CommandSlotState()]
    /// Composite Controller Status: what changed since it was cleared.
    var compositeFlags: ControllerStatusFlags = []
    /// Changed flags of each controller, in the order of the drive's controllers.
    var changedFlags: [ControllerStatusFlags]
    /// The Management Endpoint Buffer.
    var buffer: [UInt8]
    /// A sanitize operation cleared the buffer and no command has noticed yet.
    var bufferWasSanitized = false
    /// Asynchronous events that a requester wants to be told of.
    var events = EventReporter()
    /// Answers on their way, in the order in which they were sent.
    private var delayed: [(due: DeviceTime, outgoing: Outgoing)] = []

    init(drive: Drive, port: PortDescription) {
        self.drive = drive
        self.port = port.number
        changedFlags = Array(repeating: [], count: drive.controllers.count)
        buffer = Array(repeating: 0, count: Int(port.managementEndpointBufferSize))
    }

    var description: PortDescription { drive.description.ports[Int(port)] }

    /// Bytes of payload in each packet of an answer, as a requester configured it.
    public var transmissionUnit: Int { Int(drive.settings[Int(port)].transmissionUnit) }

    /// Takes a whole message, from its type byte through the integrity check.
    ///
    /// - Parameters:
    ///   - message: The message as the transport reassembled it.
    ///   - requester: Where it came from.
    ///   - now: The time.
    /// - Returns: What is to be sent at once.
    public func receive(
        _ message: [UInt8],
        from requester: Requester,
        at now: DeviceTime
    ) -> [Outgoing] {
        withLosses { take(message, from: requester, at: now) }
    }

    private func take(
        _ message: [UInt8],
        from requester: Requester,
        at now: DeviceTime
    ) -> [Outgoing] {
        drive.update(to: now)
        guard !drive.isResetting else { return dropped() }
        var request: Request
        do throws(EnvelopeError) {
            request = try Request.parse(message)
        } catch {
            if case .badMessageIntegrityCheck = error { note(.badIntegrityCheck) }
            return dropped()
        }
        if request.slot == .one {
            switch drive.description.secondSlot {
            case .works: break
            case .ignored: return dropped()
            case .mistaken: request = request.inFirstSlot
            }
        }
        drive.statistics.count(category: request.category.rawValue, opcode: request.opcode ?? 0)

        let faults = drive.faults.take(for: request)
        drive.statistics.faults += UInt64(faults.count)
        for fault in faults where fault.kind == .mute || fault.kind == .reset {
            if fault.kind == .reset { drive.reset() }
            return []
        }
        switch request.category {
        case .asynchronousEvent:
            // Events only go from endpoints to requesters.
            return dropped()
        case .controlPrimitive:
            return receivePrimitive(request, from: requester, faults: faults)
        default:
            return receiveCommand(request, from: requester, faults: faults)
        }
    }

    /// Does what is due by now.
    ///
    /// - Parameter now: The time.
    /// - Returns: What is to be sent.
    public func advance(to now: DeviceTime) -> [Outgoing] {
        withLosses { elapse(to: now) }
    }

    /// What of the endpoint's messages arrives.
    ///
    /// On a line that cannot do the frequency that the endpoint was set to, it hears all and is not heard.
    /// A setting takes effect after its own answer.
    private func withLosses(_ body: () -> [Outgoing]) -> [Outgoing] {
        let isHeard = drive.settings[Int(port)].frequency <= description.heardFrequency
        let outgoing = body()
        return isHeard ? outgoing : []
    }

    private func elapse(to now: DeviceTime) -> [Outgoing] {
        drive.update(to: now)
        var outgoing: [Outgoing] = []
        for index in slots.indices {
            guard case .processing(var command) = slots[index].activity else { continue }
            if let due = command.due, due <= now {
                outgoing += finish(command, in: index)
            } else if let next = command.announcement?.next, next <= now {
                let interval = command.announcement?.interval
                command.announcement?.next = interval.map { now + $0 }
                outgoing += announce(&command, in: index)
                slots[index].activity = .processing(command)
            }
        }
        if !delayed.isEmpty {
            outgoing += delayed.filter { $0.due <= now }.map(\.outgoing)
            delayed.removeAll { $0.due <= now }
        }
        if let message = events.message(dueBy: now), let subscriber = events.subscriber {
            var event = self.outgoing(message, to: subscriber)
            event.isUnsolicited = true
            event.requester.tag = 0
            outgoing.append(event)
        }
        return outgoing
    }

    /// When ``advance(to:)`` has something to do; `nil` when nothing waits for time to pass.
    public var nextDeadline: DeviceTime? {
        var next = events.deadline
        // Somebody wants to be told how a sanitize operation ends.
        if events.subscriber != nil, let end = drive.sanitize.deadline {
            next = min(next ?? end, end)
        }
        for answer in delayed { next = min(next ?? answer.due, answer.due) }
        for slot in slots {
            guard case .processing(let command) = slot.activity else { continue }
            for time in [command.due, command.announcement?.next] {
                guard let time else { continue }
                next = min(next ?? time, time)
            }
        }
        return next
    }

    /// Records what went wrong with a packet below; Get State tells of it.
    ///
    /// - Parameter error: What went wrong.
    public func note(_ error: EndpointErrorFlag) {
        for index in slots.indices { slots[index].errors |= 1 << error.rawValue }
    }

    /// The first packet of a message arrived and others are to follow: its slot is taken.
    ///
    /// - Parameter start: The bytes of the first packet, from the type byte.
    public func noteStart(ofMessage start: some Collection<UInt8>) {
        let header = Array(start.prefix(2))
        guard header.count == 2, header[0] == MessageHeader.messageType, header[1] & 0x80 == 0,
            header[1] >> 3 & 0x0F != MessageCategory.controlPrimitive.rawValue
        else { return }
        var index = Int(header[1] & 1)
        if index == 1 {
            switch drive.description.secondSlot {
            case .works: break
            case .ignored: return
            case .mistaken: index = 0
            }
        }
        discard(index)
        slots[index].activity = .receiving
    }

    /// Forgets every command and setting, as a reset does.
    func reset() {
        slots = [CommandSlotState(), CommandSlotState()]
        delayed = []
        buffer = Array(repeating: 0, count: buffer.count)
        bufferWasSanitized = false
        events = EventReporter()
    }

    private func dropped() -> [Outgoing] {
        drive.statistics.dropped += 1
        return []
    }
}

// MARK: - Commands

extension ManagementEndpoint {
    private func receiveCommand(
        _ request: Request,
        from requester: Requester,
        faults: [Fault]
    ) -> [Outgoing] {
        let index = Int(request.slot.rawValue)
        if !slots[index].isIdle { discard(index) }
        slots[index].last = nil
        let now = drive.now
        var command = PendingCommand(
            request: request,
            requester: requester,
            due: now + drive.processingTime(of: request),
            faults: faults
        )
        for fault in faults {
            switch fault.kind {
            case .slow:
                command.due = command.due.map { $0 + DeviceTime(fault.delay) }
            case .moreProcessing:
                command.due = now + DeviceTime(fault.delay)
                command.announcement = .init(time: fault.time)
            case .moreProcessingForever:
                command.due = nil
                command.announcement = .init(
                    time: fault.time,
                    next: now + DeviceTime(fault.delay),
                    interval: DeviceTime(max(1, fault.delay))
                )
            default:
                break
            }
        }
        if request.header.isCommandInitiatedAutoPause, description.supportsAutoPause {
            pauseBusySlots(and: index)
        }
        if command.announcement == nil, let due = command.due, due <= now {
            return finish(command, in: index)
        }
        let announced = command.announcement == nil ? [] : announce(&command, in: index)
        slots[index].activity = .processing(command)
        return announced
    }

    /// Takes the command in a slot away, if there is one, and leaves a trace.
    private func discard(_ index: Int) {
        guard !slots[index].isIdle else { return }
        if case .processing(let command) = slots[index].activity, command.isFormat {
            drive.format.stop()
        }
        if case .receiving = slots[index].activity {
            // The rest of the message that began is what arrives now.
        } else {
            slots[index].errors |= 1 << EndpointErrorFlag.commandToBusySlot.rawValue
            drive.statistics.discarded += 1
        }
        slots[index].activity = .idle
        slots[index].isPaused = false
    }

    /// Executes a command and sends its answer, or holds it while the slot is paused.
    private func finish(_ command: PendingCommand, in index: Int) -> [Outgoing] {
        var context = CommandContext(
            drive: drive,
            endpoint: self,
            now: drive.now,
            request: command.request,
            requester: command.requester
        )
        let answer = context.answer(to: command)
        defer {
            // Settings change behind the answer, which still goes out under the old ones.
            for effect in context.effects { effect.apply(to: drive) }
        }
        slots[index].activity = .idle
        guard let answer else {
            slots[index].isPaused = false
            return []
        }
        if slots[index].isPaused {
            slots[index].activity = .transmitting(command, answer)
            return []
        }
        return transmit(answer, of: command, in: index)
    }

    /// Sends the answer of a slot, with the faults that concern it.
    func transmit(_ answer: [UInt8], of command: PendingCommand, in index: Int) -> [Outgoing] {
        slots[index].last = (answer, command.requester)
        return send(answer, to: command.requester, faults: command.faults)
    }

    private func announce(_ command: inout PendingCommand, in index: Int) -> [Outgoing] {
        guard let announcement = command.announcement, !slots[index].isPaused else { return [] }
        command.wasAnnounced = true
        let message = moreProcessingRequired(announcement.time, for: command.request)
        return [outgoing(message, to: command.requester)]
    }

    func moreProcessingRequired(_ milliseconds: UInt32, for request: Request) -> [UInt8] {
        let units = milliseconds / 100 + (milliseconds % 100 == 0 ? 0 : 1)
        return Response.encode(MoreProcessingRequired(time: UInt16(clamping: units)), to: request)
    }

    func pauseBusySlots(and begun: Int? = nil) {
        for index in slots.indices where !slots[index].isIdle || index == begun {
            slots[index].isPaused = true
        }
    }
}

// MARK: - Sending

extension ManagementEndpoint {
    func outgoing(_ message: [UInt8], to requester: Requester) -> Outgoing {
        drive.statistics.answers += 1
        return Outgoing(
            message: message,
            requester: requester,
            transmissionUnit: transmissionUnit
        )
    }

    /// Sends a message as the faults allow.
    func send(_ message: [UInt8], to requester: Requester, faults: [Fault]) -> [Outgoing] {
        var sent = outgoing(message, to: requester)
        guard !faults.isEmpty else { return [sent] }
        for fault in faults { fault.damage(&sent) }
        var now: [Outgoing] = [sent]
        for fault in faults {
            let later = drive.now + DeviceTime(fault.delay)
            switch fault.kind {
            case .lost:
                return []
            case .late:
                delayed += now.map { (later, $0) }
                now = []
            case .twice where fault.delay == 0:
                now.append(sent)
            case .twice:
                delayed.append((later, sent))
            default:
                break
            }
        }
        return now
    }

    /// Sends a message after a delay without occupying a slot.
    func sendLater(_ outgoing: [Outgoing], delay: UInt32) {
        delayed += outgoing.map { (drive.now + DeviceTime(delay), $0) }
    }
}
