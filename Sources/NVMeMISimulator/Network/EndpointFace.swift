internal import EventLoop
internal import NVMeMIDevice

/// Takes the messages of endpoints to where their requesters are.
@LoopActor
protocol EndpointFace: AnyObject {
    /// Sends a message on its way.
    func send(_ outgoing: Outgoing, from endpoint: SimulatedEndpoint)
}
