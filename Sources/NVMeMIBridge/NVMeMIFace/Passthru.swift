import EventLoop
import NVMeMIDrives

/// An endpoint, or a controller behind it, to which commands are sent as somebody has made them.
@LoopActor
final class Passthru {
    let endpoint: Endpoint
    /// The controller that carries out Admin and PCIe commands where nothing else is said.
    let controller: UInt16?

    init(_ endpoint: Endpoint) {
        self.endpoint = endpoint
        controller = nil
    }

    init(_ controller: Controller) {
        endpoint = controller.endpoint
        self.controller = controller.identifier
    }
}
