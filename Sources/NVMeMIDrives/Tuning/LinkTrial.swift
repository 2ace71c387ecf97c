import EventLoop
import NVMeMI
import NVMeMIClient

/// A trial of the way with a transmission unit: what the drive answers to, and takes several packets for.
@LoopActor
struct LinkTrial {
    let port: UInt8
    private let session: EndpointSession
    /// A controller that has told its identity; nil where none does.
    private let controller: UInt16?

    init(_ session: EndpointSession, port: UInt8, _ inventory: Inventory) {
        self.session = session
        self.port = port
        controller =
            inventory.controllers.first {
                $0.identity != nil && inventory.isKnownNow(.controllerIdentity($0.identifier))
            }?.identifier
    }

    /// Whether the drive answers with a new transmission unit, also where it takes several packets; a
    /// drive that has nothing such to say passes.
    func passes(_ size: UInt16) async throws(SessionError) -> Bool {
        let told = try await ask(ConfigurationGet.TransmissionUnitSize(port: port))
        guard told == size else { return false }
        // Dwords; the last packet of several is a short one.
        let length = min(4096, max(512, UInt32(size) / 4 * 8 + 4))
        if let controller {
            var identify = Identify(.controller, on: controller, namespace: 0)
            identify.dataLength = length
            _ = try await ask(identify)
        } else {
            // A drive that serves no Admin commands still has VPD, if not as much everywhere.
            _ = try await ask(VPDRead(offset: 0, length: UInt16(clamping: min(length, 256))))
        }
        return true
    }

    /// What the drive says; nil when it refuses to.
    private func ask<C: Command>(_ command: C) async throws(SessionError) -> C.Reply? {
        do {
            return try await session.perform(command, CommandOptions(priority: .control))
        } catch {
            guard case .device = error else { throw error }
            return nil
        }
    }
}
