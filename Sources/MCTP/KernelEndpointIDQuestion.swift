internal import EventLoop
internal import Glibc

/// The question for an endpoint's ID over the kernel's sockets, put until it is answered.
///
/// Each attempt has a socket of its own. The kernel keeps the tag that it chooses for a message until the
/// answer comes, or for six seconds; nothing but closing the socket ends that, and while it lasts the bus
/// owner may hear nothing of the endpoint.
@LoopActor
final class KernelEndpointIDQuestion {
    /// How often the question is put, as loss is to be expected on a bus (DSP0236 asks for two repetitions).
    private static let attempts = 3
    /// How long an attempt but the last one lasts at most.
    private static let longestAttempt = Duration.seconds(2)
    /// An answer has seven bytes; what is longer than this is none.
    private static let bufferSize = 64

    private enum Outcome {
        case answer(EndpointIDAnswer)
        case silence
        case failure(TransportError, isPassing: Bool)
    }

    private let calls: KernelCalls
    private let tags: KernelTags
    let address: EndpointAddress
    /// Number that the answer has to repeat; the same in each attempt, so that an answer to an earlier one
    /// counts.
    private let instance: UInt8
    /// Told of every message; of received ones, whether it is the answer.
    private let observe: @LoopActor (CarriedMessage, _ isAnswer: Bool) -> Void
    /// That a message has come, or that the question is not to be put any more.
    private var event = Promise<Void>()
    private var isEnded = false

    init(
        _ calls: KernelCalls,
        _ tags: KernelTags,
        to address: EndpointAddress,
        instance: UInt8,
        observe: @escaping @LoopActor (CarriedMessage, _ isAnswer: Bool) -> Void
    ) {
        self.calls = calls
        self.tags = tags
        self.address = address
        self.instance = instance
        self.observe = observe
    }

    func answer(until deadline: MonotonicInstant) async -> EndpointIDAnswer {
        let pause = min((deadline - EventLoop.main.now) / Self.attempts, Self.longestAttempt)
        var failure: TransportError?
        var wasSent = false
        for attempt in 1...Self.attempts {
            let end = attempt == Self.attempts ? deadline : EventLoop.main.now + pause
            switch await ask(until: end) {
            case .answer(let answer): return answer
            case .silence: wasSent = true
            case .failure(let error, isPassing: false): return .cannotBeAsked(error)
            case .failure(let error, isPassing: true):
                failure = error
                guard attempt < Self.attempts else { break }
                if let ending = await wait(until: end) { return .cannotBeAsked(ending) }
            }
        }
        guard !wasSent, let failure else { return .silent }
        return .cannotBeAsked(failure)
    }

    /// Ends the question with the answer that it cannot be asked, as the transport is closed or the bus
    /// owner's turn has come.
    func end() {
        isEnded = true
        event.resolve()
    }

    /// Asks once.
    private func ask(until end: MonotonicInstant) async -> Outcome {
        let descriptor: Int32
        let watch: Watch
        do throws(SystemCallError) {
            descriptor = try systemCall("open an AF_MCTP socket") { calls.socket() }
        } catch {
            return outcome(error)
        }
        defer { calls.close(descriptor) }
        do throws(SystemCallError) {
            watch = try EventLoop.main.watch(descriptor, for: .read) { [weak self] _ in
                self?.event.resolve()
            }
        } catch {
            return outcome(error)
        }
        defer { watch.cancel() }
        do throws(SystemCallError) {
            try send(descriptor)
        } catch {
            return outcome(error)
        }
        while true {
            if let ending = await wait(until: end) { return .failure(ending, isPassing: false) }
            do throws(SystemCallError) {
                if let answer = try receive(descriptor) { return .answer(answer) }
                if EventLoop.main.now >= end { return .silence }
            } catch {
                return outcome(error)
            }
        }
    }

    private func send(_ descriptor: Int32) throws(SystemCallError) {
        let message = ControlRequest.getEndpointID.message(instance: instance).bytes
        let destination = KernelAddress(
            network: address.network,
            endpoint: address.endpoint,
            typeByte: message.first ?? 0,
            tag: KernelAddress.ownerFlag
        )
        // The kernel would choose one of the numbers that are to stay free.
        guard try tags.makeRoom(for: address) else {
            throw SystemCallError(operation: "reserve a tag", errno: Errno(rawValue: EBUSY))
        }
        try systemCall("ask for the endpoint ID") {
            message.withUnsafeBytes { bytes in
                calls.send(
                    descriptor,
                    UnsafeRawBufferPointer(rebasing: bytes.dropFirst()),
                    destination
                )
            }
        }
        observe(CarriedMessage(.sent, endpoint: address, tag: nil, bytes: message), false)
    }

    /// Takes what has come; returns the answer if it is among it.
    private func receive(_ descriptor: Int32) throws(SystemCallError) -> EndpointIDAnswer? {
        while true {
            var source = KernelAddress(network: .unspecified, endpoint: .null, typeByte: 0, tag: 0)
            var payload = [UInt8](repeating: 0, count: Self.bufferSize)
            let length: Int
            do throws(SystemCallError) {
                length = try systemCall("receive") {
                    payload.withUnsafeMutableBytes { calls.receive(descriptor, $0, &source) }
                }
            } catch {
                if error.errno == .wouldBlock { return nil }
                throw error
            }
            let message = [source.typeByte] + payload.prefix(length)
            let isWhole = length <= payload.count
            let answer = isWhole ? Self.answer(in: message, from: source, address, instance) : nil
            observe(
                CarriedMessage(
                    .received,
                    endpoint: EndpointAddress(network: source.network, endpoint: source.endpoint),
                    tag: MessageTag(source.tag, isOwner: source.tag & KernelAddress.ownerFlag != 0),
                    bytes: message,
                    length: length + 1
                ),
                answer != nil
            )
            if let answer { return answer }
        }
    }

    /// What a message says if it is the answer: from whom it was asked for, to this command and number, of
    /// the right length.
    private static func answer(
        in message: [UInt8],
        from source: KernelAddress,
        _ address: EndpointAddress,
        _ instance: UInt8
    ) -> EndpointIDAnswer? {
        guard source.endpoint == address.endpoint,
            source.network == address.network || address.network == .unspecified,
            source.tag & KernelAddress.ownerFlag == 0,
            let control = try? ControlMessage(parsing: message),
            case .response(let code) = control.direction,
            control.instance == instance, control.command == .getEndpointID
        else { return nil }
        guard code == .success else { return .answered }
        guard let response = try? ControlResponse(control),
            case .getEndpointID(let endpoint, _, _, _) = response
        else { return nil }
        return endpoint == address.endpoint ? .answered : .answeredWithAnother(endpoint)
    }

    private func outcome(_ error: SystemCallError) -> Outcome {
        .failure(
            TransportError(
                operation: error.operation,
                kind: TransportError.Kind(kernel: error.errno),
                errno: error.errno,
                endpoint: address
            ),
            isPassing: KernelTransport.isPassing(error.errno)
        )
    }

    /// Waits for a message or for the end of the time; returns why the question ends, if it does.
    private func wait(until end: MonotonicInstant) async -> TransportError? {
        do {
            try await event.value(until: end)
        } catch is CancellationError {
            return error(.cancelled)
        } catch {}
        event = Promise()
        return isEnded ? error(.closed) : nil
    }

    private func error(_ kind: TransportError.Kind) -> TransportError {
        TransportError(operation: "ask for the endpoint ID", kind: kind, endpoint: address)
    }
}
