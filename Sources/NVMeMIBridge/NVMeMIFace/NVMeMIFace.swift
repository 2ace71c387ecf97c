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
    /// Runs for a pause after the lists of the fleet have been told.
    private var listsTimer: Timer?
    private var haveListsChanged = false
    /// The jobs that were told to have ended.
    private var toldJobs: Set<UInt32> = []

    /// What the pause is for each endpoint.
    private static let pausePerEndpoint = Duration.microseconds(500)

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
            [
                Interface<Manager>.manager.bound(to: manager),
                Interface<Manager>.managerControl.bound(to: manager),
            ] + others
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
        switch object {
        case is Fleet: tellLists()
        case let job as Job: tell(job)
        default: connection.objects.changed(object)
        }
    }

    /// Tells how far a job is, be it as far as before: whoever follows it knows from that that it goes on.
    private func tell(_ job: Job) {
        let path = BusPaths.job(job)
        connection.objects.changed(job)
        if job.state.isOver {
            guard toldJobs.insert(job.number).inserted else { return }
            do {
                try connection.objects.emit(
                    Job.completed,
                    of: Interface<Job>.job.name,
                    at: path,
                    job.state == .done,
                    job.failure?.words ?? ""
                )
            } catch {
                logger.error("not told", metadata: ["path": "\(path)", "error": "\(error)"])
            }
        } else {
            connection.objects.propertiesChanged(
                path,
                interface: Interface<Job>.job.name,
                ["Progress"]
            )
        }
    }

    /// Tells the lists of all drives and endpoints, now or after a pause that is as long as the lists.
    ///
    /// Each time they are told whole: hundreds of drives that come one by one would tell of each other without end.
    private func tellLists() {
        haveListsChanged = listsTimer != nil
        guard listsTimer == nil else { return }
        connection.objects.changed(manager)
        let pause = Self.pausePerEndpoint * fleet.endpointCount
        listsTimer = EventLoop.main.schedule(after: pause) { [weak self] in
            guard let self else { return }
            listsTimer = nil
            if haveListsChanged { tellLists() }
        }
    }

    func vanished(_ object: any ModelObject) {
        guard let path = BusPaths.path(of: object) else { return }
        if let job = object as? Job { toldJobs.remove(job.number) }
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
                Interface<Controller>.erase.bound(to: controller),
                Interface<Controller>.security.bound(to: controller),
                Interface<Passthru>.passthru.bound(to: Passthru(controller)),
            ]
        case let job as Job:
            [Interface<Job>.job.bound(to: job), Interface<Job>.progress.bound(to: job)]
        case let namespace as Namespace: [Interface<Namespace>.namespace.bound(to: namespace)]
        default: []
        }
    }
}
