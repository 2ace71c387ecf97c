internal import NVMeMI

/// Control primitives, which are served past the commands in the slots.
extension ManagementEndpoint {
    func receivePrimitive(
        _ request: Request,
        from requester: Requester,
        faults: [Fault]
    ) -> [Outgoing] {
        let reply: Reply
        do throws(RequestError) {
            switch drive.description.controlPrimitives {
            case .ignored:
                return []
            case .refused:
                throw .unsupported(request.opcode ?? 0)
            case .supported:
                if let fault = faults.first(where: { $0.kind == .status }) {
                    throw fault.refusal
                }
                reply = try serve(request)
            }
        } catch {
            reply = Reply(refusal(of: request, error))
        }
        return answer(reply.message, to: requester, faults: faults) + reply.follows
    }

    /// The answer to a primitive, and what is sent behind it.
    private struct Reply {
        let message: [UInt8]
        var follows: [Outgoing] = []

        init(_ message: [UInt8], follows: [Outgoing] = []) {
            self.message = message
            self.follows = follows
        }
    }

    private func serve(_ request: Request) throws(RequestError) -> Reply {
        let index = Int(request.slot.rawValue)
        switch request.opcode {
        case nil:
            throw RequestError(status: .invalidCommandSize, reason: "the message has no opcode")
        case Pause.declaration.opcode:
            let primitive = try Pause(request: request)
            // It acts on both slots, so that naming the second one is a mistake.
            guard index == 0 else { throw .parameter(1, "Pause is for slot 0") }
            pauseBusySlots()
            return Reply(primitive.encodeReply((), slot: request.slot))
        case Resume.declaration.opcode:
            let primitive = try Resume(request: request)
            return Reply(primitive.encodeReply((), slot: request.slot), follows: resume())
        case Abort.declaration.opcode:
            let primitive = try Abort(request: request)
            return Reply(primitive.encodeReply(abort(index), slot: request.slot))
        case GetState.declaration.opcode:
            let primitive = try GetState(request: request)
            let state = EndpointState(rawValue: slots[index].state)
            if primitive.clearsErrors { slots[index].errors = 0 }
            return Reply(primitive.encodeReply(state, slot: request.slot))
        case Replay.declaration.opcode:
            let primitive = try Replay(request: request)
            let (isReplayed, messages) = replay(index, from: Int(primitive.firstPacket))
            let reply = primitive.encodeReply(isReplayed, slot: request.slot)
            return Reply(reply, follows: messages + resume())
        case let opcode?:
            throw .unsupported(opcode)
        }
    }

    /// Sends the answer of a primitive, which waits in no slot when it is slow.
    private func answer(
        _ message: [UInt8],
        to requester: Requester,
        faults: [Fault]
    ) -> [Outgoing] {
        let sent = send(message, to: requester, faults: faults)
        let delay = faults.filter { $0.kind == .slow }.reduce(drive.description.latency) {
            $0 &+ $1.delay
        }
        guard delay > 0 else { return sent }
        sendLater(sent, delay: delay)
        return []
    }

    /// A refusal keeps the tag of its primitive, so that the requester knows which one was meant;
    /// Invalid Parameter has the location of the field in its place.
    private func refusal(of request: Request, _ error: RequestError) -> [UInt8] {
        if let location = error.parameterErrorLocation {
            return Response.encode(refusing: request, status: error.status, at: location)
        }
        let tag = request.bytes.count > 5 ? request.bytes[5] : 0
        return RawControlPrimitive(opcode: request.opcode ?? 0, tag: tag)
            .encodeRefusal(error.status, slot: request.slot)
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
    private func abort(_ index: Int) -> AbortOutcome {
        defer {
            slots[index].activity = .idle
            slots[index].isPaused = false
            slots[index].last = nil
        }
        guard case .processing(let command) = slots[index].activity else {
            return .completeOrNothing
        }
        // A command takes effect when its time is over, so one that is still in process has none
        // yet; one that asked for more time must have begun.
        return command.wasAnnounced ? .partiallyProcessed : .beforeProcessing
    }

    /// Repeats what a slot sent last, from a packet on.
    private func replay(_ index: Int, from packet: Int) -> (isReplayed: Bool, [Outgoing]) {
        switch slots[index].activity {
        case .processing(let command):
            guard command.wasAnnounced else { return (false, []) }
            let remaining = command.due.map { UInt32(clamping: $0 &- drive.now) }
            let time = remaining ?? command.announcement?.time ?? 0
            let message = moreProcessingRequired(time, for: command.request)
            return (true, [outgoing(message, to: command.requester)])
        case .transmitting:
            // Nothing was sent yet; resuming, which follows, sends it whole.
            return (true, [])
        case .idle, .receiving:
            guard let last = slots[index].last else { return (false, []) }
            let skipped = packet * transmissionUnit
            guard skipped < last.message.count else { return (false, []) }
            // What is replayed begins with the message header again.
            let message =
                skipped == 0
                ? last.message
                : Array(last.message.prefix(MessageHeader.size) + last.message.dropFirst(skipped))
            return (true, [outgoing(message, to: last.requester)])
        }
    }
}
