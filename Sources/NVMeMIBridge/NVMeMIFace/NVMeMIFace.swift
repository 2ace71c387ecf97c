import DBus
import EventLoop
import Logging
import MCTP
import NVMeMIDrives

/// NVMe-MI as it is, on the bus: which interfaces each object of the model has, and at which path.
///
/// What of an object has changed, the object tree finds out.
@LoopActor
final class NVMeMIFace: FleetObserver {
    private let connection: Connection
    private let manager: Manager
    private let logger: Logger
    private unowned let fleet: Fleet

    init(of fleet: Fleet, on connection: Connection, _ manager: Manager, logger: Logger) {
        self.fleet = fleet
        self.connection = connection
        self.manager = manager
        self.logger = logger
    }

    /// Publishes the root of the tree.
    ///
    /// - Parameter others: Further interfaces of the root.
    /// - Throws: `ObjectPathInUse` when something is there already.
    func begin(with others: [BoundInterface]) throws(DBusError) {
        connection.objects.addObjectManager(at: BusPaths.root)
        try connection.objects.add(
            BusPaths.root,
            [Interface<Manager>.manager.bound(to: manager)] + others
        )
    }

    func appeared(_ object: any ModelObject) {
        guard let path = BusPaths.path(of: object) else { return }
        do {
            try connection.objects.add(path, interfaces(of: object))
        } catch {
            // A path that is taken is a mistake of the bridge's own, and harmless.
            logger.error("not published", metadata: ["path": "\(path)", "error": "\(error)"])
        }
    }

    func changed(_ object: any ModelObject) {
        connection.objects.changed(object is Fleet ? manager : object)
    }

    func vanished(_ object: any ModelObject) {
        guard let path = BusPaths.path(of: object) else { return }
        connection.objects.remove(path)
    }

    private func interfaces(of object: any ModelObject) -> [BoundInterface] {
        switch object {
        case let endpoint as Endpoint:
            [
                Interface<Endpoint>.endpoint.bound(to: endpoint),
                Interface<Endpoint>.endpointControl.bound(to: endpoint),
                Interface<Passthru>.passthru.bound(to: Passthru(endpoint)),
                Interface<Health>.health.bound(to: endpoint.health),
            ]
        case let drive as Drive: [Interface<Drive>.drive.bound(to: drive)]
        case let port as Port: [Interface<Port>.port.bound(to: port)]
        case let controller as Controller:
            [
                Interface<Controller>.controller.bound(to: controller),
                Interface<Controller>.controllerControl.bound(to: controller),
                Interface<Controller>.firmware.bound(to: controller),
                Interface<Controller>.namespaceManagement.bound(to: controller),
                Interface<Controller>.security.bound(to: controller),
                Interface<Passthru>.passthru.bound(to: Passthru(controller)),
            ]
        case let namespace as Namespace: [Interface<Namespace>.namespace.bound(to: namespace)]
        default: []
        }
    }
}
