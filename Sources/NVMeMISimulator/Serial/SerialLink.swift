public import EventLoop
internal import Glibc
internal import MCTP
internal import NVMeMIDevice

/// A drive behind a pseudoterminal that speaks MCTP over serial (DSP0253).
///
/// The drive begins without an endpoint identifier and answers the control protocol, so that a bus
/// owner enumerates it as it would a real one.
@LoopActor
public final class SerialLink {
    /// Path of the terminal's end that the bus owner opens.
    public var path: String { terminal.path }
    /// The kernel's network device on that end, when one was asked for.
    public var interface: String? { terminal.interface }
    /// The endpoint that is behind the line.
    public private(set) var endpoint: SimulatedEndpoint

    /// Whether nothing is read from the line or written to it.
    var isStalled = false {
        didSet { updateInterest() }
    }

    private let terminal: Pseudoterminal
    private var watch: Watch?
    private var decoder = SerialFrameDecoder()
    private var reassembler = Reassembler(maximumMessageLength: 8_192)
    private var responder: ControlResponder
    private var route: UInt32 = 0
    /// Frames that the terminal has not taken yet.
    private var unsent: [UInt8] = []

    /// What the line may hold before frames are lost.
    private static let capacity = 1 << 20

    /// Opens a terminal for an endpoint.
    ///
    /// - Parameters:
    ///   - endpoint: The endpoint.
    ///   - attachesKernel: Whether to make a network device of the other end at once.
    /// - Throws: `SystemCallError` when there is no terminal, or the kernel has no MCTP over serial.
    public init(endpoint: SimulatedEndpoint, attachesKernel: Bool = false) throws {
        self.endpoint = endpoint
        responder = ControlResponder(uuid: endpoint.uuid)
        terminal = try Pseudoterminal()
        route = endpoint.route(to: self)
        watch = try EventLoop.main.watch(terminal.master, for: .read) { [weak self] readiness in
            self?.handle(readiness)
        }
        if attachesKernel { try terminal.attachKernel() }
    }

    /// Endpoint identifier that the bus owner gave to the drive; 0 when it gave none.
    public var identifier: UInt8 { responder.identifier.rawValue }

    /// Takes the line away.
    public func close() {
        watch?.cancel()
        watch = nil
    }

    /// Forgets what a reset makes the drive forget.
    func reset() {
        responder.identifier = .null
        reassembler = Reassembler(maximumMessageLength: 8_192)
    }

    /// Puts another endpoint at the end of the line; it has the identifier of the one before if it
    /// has one at all.
    func lead(to other: SimulatedEndpoint) {
        let identifier = responder.identifier
        endpoint = other
        route = other.route(to: self)
        responder = ControlResponder(uuid: other.uuid)
        if other.isAssigned { responder.identifier = identifier }
        reassembler = Reassembler(maximumMessageLength: 8_192)
    }

    private func handle(_ readiness: Readiness) {
        if readiness.contains(.write) { flush() }
        if readiness.contains(.read) { read() }
    }

    private func read() {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = buffer.withUnsafeMutableBytes {
            Glibc.read(terminal.master, $0.baseAddress, $0.count)
        }
        guard count > 0 else { return }
        for event in decoder.receive(buffer.prefix(count)) {
            switch event {
            case .packet(let packet): take(packet)
            case .damaged: endpoint.device.note(.badPacket)
            }
        }
    }

    private func take(_ packet: [UInt8]) {
        guard endpoint.isReachable else { return }
        if let header = try? PacketHeader(parsing: packet) {
            guard header.destination == .null || header.destination == responder.identifier else {
                return endpoint.device.note(.unknownDestination)
            }
            guard header.tag.isOwner else { return endpoint.device.note(.badTag) }
            guard packet.count - PacketHeader.size <= endpoint.device.transmissionUnit else {
                return endpoint.device.note(.unsupportedTransmissionUnit)
            }
            if header.isStart, !header.isEnd {
                endpoint.device.noteStart(ofMessage: packet.dropFirst(PacketHeader.size))
            }
        }
        switch reassembler.receive(packet) {
        case .incomplete: break
        case .dropped(let error): endpoint.device.note(EndpointErrorFlag(error))
        case .message(let message): take(message)
        }
    }

    private func take(_ message: ReassembledMessage) {
        guard let first = message.bytes.first else { return }
        // An answer comes from the identifier that was asked, or from the one the drive has when
        // it was asked by its place on the bus.
        let source = message.destination == .null ? responder.identifier : message.destination
        if MessageType(firstByte: first) == .control {
            guard let answer = responder.answer(to: message.bytes) else { return }
            return send(
                answer,
                from: source,
                to: message.source,
                tag: message.tag.answering,
                transmissionUnit: Packetizer.baselineTransmissionUnit
            )
        }
        endpoint.receive(
            message.bytes,
            from: Requester(
                route: route,
                endpoint: message.source.rawValue,
                destination: source.rawValue,
                tag: message.tag.value
            )
        )
    }

    private func send(
        _ message: [UInt8],
        from source: EndpointID,
        to destination: EndpointID,
        tag: MessageTag,
        transmissionUnit: Int
    ) {
        // The frame's length byte counts the header as well.
        let unit = min(transmissionUnit, SerialFrame.maximumPacketLength - PacketHeader.size)
        let packets = Packetizer(
            message,
            from: source,
            to: destination,
            tag: tag,
            transmissionUnit: unit
        )
        for packet in packets {
            guard let frame = SerialFrame.encode(packet),
                unsent.count + frame.count <= Self.capacity
            else { return }
            unsent += frame
        }
        flush()
    }

    private func flush() {
        while !unsent.isEmpty, !isStalled {
            let count = unsent.withUnsafeBytes {
                Glibc.write(terminal.master, $0.baseAddress, $0.count)
            }
            guard count > 0 else { break }
            unsent.removeFirst(count)
        }
        updateInterest()
    }

    private func updateInterest() {
        watch?.interest = isStalled ? [] : unsent.isEmpty ? .read : [.read, .write]
    }
}

extension SerialLink: EndpointFace {
    func send(_ outgoing: Outgoing, from endpoint: SimulatedEndpoint) {
        send(
            outgoing.message,
            from: EndpointID(outgoing.requester.destination),
            to: EndpointID(outgoing.requester.endpoint),
            tag: MessageTag(outgoing.requester.tag, isOwner: outgoing.isUnsolicited),
            transmissionUnit: outgoing.transmissionUnit
        )
    }
}

extension EndpointErrorFlag {
    /// What Get State calls a packet that does not fit.
    init(_ error: PacketError) {
        switch error {
        case .tooShort, .messageTooLong: self = .badPacket
        case .unknownVersion: self = .badHeaderVersion
        case .noStart: self = .unexpectedMiddleOrEnd
        case .wrongSequence: self = .outOfSequence
        case .wrongLength: self = .incorrectTransmissionUnit
        }
    }
}
