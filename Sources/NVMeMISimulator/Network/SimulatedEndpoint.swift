public import EventLoop
internal import NVMeMIDevice

/// A managed port of a simulated drive on the loop: its address, its timer and the faces that lead
/// to it.
@LoopActor
public final class SimulatedEndpoint {
    /// Number of the port in the drive.
    public let port: UInt8
    /// MCTP network that the endpoint is on.
    public let network: UInt32
    /// Endpoint identifier by which the bus owner knows the endpoint.
    public internal(set) var identifier: UInt8
    /// Whether the drive remembers ``identifier``; it does not after a reset.
    public internal(set) var isAssigned = true
    /// Whether the endpoint is on the bus; the bus owner notices when it leaves and returns.
    public internal(set) var isConnected = true
    /// Until when messages get lost without anybody noticing.
    private var interruptionEnd: MonotonicInstant?
    /// Path of the terminal that leads to the endpoint, when there is one.
    public internal(set) var terminal: String?
    /// Network device that the kernel made of the terminal, when it was asked to.
    public internal(set) var networkInterface: String?
    /// The drive that the endpoint belongs to.
    public unowned let drive: SimulatedDrive

    let device: ManagementEndpoint
    private var faces: [WeakFace] = []
    private var timer: Timer?

    private struct WeakFace {
        weak var face: (any EndpointFace)?
    }

    init(drive: SimulatedDrive, device: ManagementEndpoint, network: UInt32, identifier: UInt8) {
        self.drive = drive
        self.device = device
        self.network = network
        self.identifier = identifier
        port = device.port
    }

    /// Whether messages get through at this moment.
    var isReachable: Bool {
        guard let interruptionEnd else { return isConnected }
        return isConnected && EventLoop.main.now >= interruptionEnd
    }

    /// The UUID that the endpoint tells a bus owner; `nil` when it does not answer the question.
    var uuid: DeviceUUID? {
        let description = drive.device.description
        return description.answersEndpointUUID ? description.uuid : nil
    }

    /// Loses every message both ways for some time, without anybody noticing.
    func interrupt(for duration: Duration) {
        let end = EventLoop.main.now + duration
        interruptionEnd = max(interruptionEnd ?? end, end)
    }

    /// The route by which answers go back to a face.
    func route(to face: any EndpointFace) -> UInt32 {
        // There are two faces at most, so that looking is faster than any table.
        if let index = faces.firstIndex(where: { $0.face === face }) { return UInt32(index) }
        faces.append(WeakFace(face: face))
        return UInt32(faces.count - 1)
    }

    /// Hands a whole message to the drive.
    func receive(_ message: [UInt8], from requester: Requester) {
        guard isReachable else { return }
        deliver(device.receive(message, from: requester, at: EventLoop.main.deviceTime))
        schedule()
    }

    /// Stops the timer; nothing is sent any more.
    func close() {
        timer?.cancel()
        faces = []
    }

    private func deliver(_ messages: [Outgoing]) {
        guard isReachable else { return }
        for message in messages {
            let route = Int(message.requester.route)
            guard route < faces.count else { continue }
            faces[route].face?.send(message, from: self)
        }
    }

    /// Has the drive get its turn when something becomes due.
    func schedule() {
        let deadline = device.nextDeadline.map(MonotonicInstant.init(deviceTime:))
        if let timer, timer.isPending {
            if timer.deadline == deadline { return }
            timer.cancel()
        }
        timer = nil
        guard let deadline else { return }
        timer = EventLoop.main.schedule(at: deadline) { [weak self] in
            guard let self else { return }
            deliver(device.advance(to: EventLoop.main.deviceTime))
            schedule()
        }
    }
}
