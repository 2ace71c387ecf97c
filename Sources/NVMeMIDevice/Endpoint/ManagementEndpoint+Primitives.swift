internal import NVMeMI

/// Control primitives, which are served past the commands in the slots.
extension ManagementEndpoint {
    func receivePrimitive(
        _ request: Request, from requester: Requester, faults: [Fault]
    ) -> [Outgoing] {
        switch drive.description.controlPrimitives {
        case .ignored: return []
        case .refused:
            return answer(
                refusal(of: request, .invalidCommandOpcode), to: requester, faults: faults)
        case .supported: break
        }
        if let fault = faults.first(where: { $0.kind == .status }) {
            return answer(
                refusal(of: request, ManagementStatus(rawValue: fault.status)), to: requester,
                faults: faults)
        }
        let primitive: ControlPrimitive
        do throws(RequestError) {
            primitive = try ControlPrimitive(request: request)
        } catch {
            return answer(refusal(of: request, error.status), to: requester, faults: faults)
        }
        let index = Int(request.slot.rawValue)
        var follows: [Outgoing] = []
        var parameter: UInt16 = 0
        switch primitive.opcode {
        case .pause:
            guard index == 0 else {
                return answer(
                    refusal(of: request, .invalidParameter), to: requester, faults: faults)
            }
            pauseBusySlots()
            // The flags were dropped from version 2 on.
            if drive.description.managementVersion.major < 2 {
                parameter = (slots[0].isPaused ? 1 : 0) | (slots[1].isPaused ? 2 : 0)
            }
        case .resume:
            follows = resume()
        case .abort:
            parameter = abort(index)
        case .getState:
            parameter = state(of: index)
            if primitive.parameter & 1 == 1 { slots[index].errors = 0 }
        case .replay:
            follows = replay(index, from: Int(primitive.parameter & 0xFF)) + resume()
            parameter = follows.contains { $0.requester.route == requester.route } ? 1 : 0
        default:
            return answer(
                refusal(of: request, .invalidCommandOpcode), to: requester, faults: faults)
        }
        let reply = primitive.encodeReply(parameter, slot: request.slot)
        return answer(reply, to: requester, faults: faults) + follows
    }

    /// Sends the answer of a primitive, which waits in no slot when it is slow.
    private func answer(
        _ message: [UInt8], to requester: Requester, faults: [Fault]
    ) -> [Outgoing] {
        let sent = send(message, to: requester, faults: faults)
        let delay = faults.filter { $0.kind == .slow }.reduce(drive.description.latency) {
            $0 &+ $1.delay
        }
        guard delay > 0 else { return sent }
        sendLater(sent, delay: delay)
        return []
    }

    /// A refusal keeps the tag of its primitive, so that the requester knows which one was meant.
    private func refusal(of request: Request, _ status: ManagementStatus) -> [UInt8] {
        let tag = request.bytes.count > 5 ? UInt32(request.bytes[5]) : 0
        return Response.encode(
            category: request.category, slot: request.slot, status: status, managementResponse: tag)
    }

    private func resume() -> [Outgoing] {
        var sent: [Outgoing] = []
        for index in slots.indices where slots[index].isPaused {
            slots[index].isPaused = false
            if case .transmitting(let command, let answer) = slots[index].activity {
                slots[index].activity = .idle
                sent += transmit(answer, of: command, in: index)
            }
        }
        return sent
    }

    /// Empties a slot and says how far its command had come.
    private func abort(_ index: Int) -> UInt16 {
        defer {
            slots[index].activity = .idle
            slots[index].isPaused = false
            slots[index].last = nil
        }
        guard case .processing(let command) = slots[index].activity else { return 0 }
        // A command takes effect when its time is over, so one that is still in process has none
        // yet; one that asked for more time must have begun.
        return command.wasAnnounced ? 2 : 1
    }

    private func state(of index: Int) -> UInt16 {
        slots[index].code | slots[index].errors | (slots[index].isPaused ? 0x8000 : 0)
    }

    /// Repeats what a slot sent last, from a packet on.
    private func replay(_ index: Int, from packet: Int) -> [Outgoing] {
        if case .processing(let command) = slots[index].activity {
            guard command.wasAnnounced else { return [] }
            let remaining = command.due.map { UInt32(clamping: $0 &- drive.now) }
            let time = remaining ?? command.announcement?.time ?? 0
            return [
                outgoing(moreProcessingRequired(time, for: command.request), to: command.requester)
            ]
        }
        if case .transmitting = slots[index].activity {
            // Nothing was sent yet; resuming, which follows, sends it whole.
            return []
        }
        guard let last = slots[index].last else { return [] }
        let skipped = packet * transmissionUnit
        guard skipped < last.message.count else { return [] }
        let message =
            skipped == 0
            ? last.message
            : Array(last.message.prefix(MessageHeader.size) + last.message.dropFirst(skipped))
        return [outgoing(message, to: last.requester)]
    }
}
