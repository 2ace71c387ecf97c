import DBus
import EventLoop
import Logging
import NVMeMIDrives

/// The drives as OpenBMC's own daemons look for them, by standard interfaces only.
///
/// The second face of the model: it asks nothing of a drive, and keeps of it what it has published.
@LoopActor
final class OpenBMCFace: FleetObserver {
    private let objects: ObjectTree
    private let logger: Logger
    private unowned let fleet: Fleet
    private var settings = OpenBMCSettings()
    private var isBegun = false
    private let storage = StorageView()
    private var views: [ObjectIdentifier: DriveView] = [:]
    private var updates: [ObjectIdentifier: UpdateView] = [:]
    /// Whose health it is.
    private var patients: [ObjectIdentifier: Endpoint] = [:]

    init(of fleet: Fleet, on connection: Connection, logger: Logger) {
        self.fleet = fleet
        self.logger = logger
        objects = connection.objects
    }

    /// Shows everything, or nothing, as the settings have it.
    func apply(_ settings: OpenBMCSettings) {
        guard settings != self.settings || settings.isShown != isBegun else { return }
        if isBegun { end() }
        self.settings = settings
        if settings.isShown { begin() }
    }

    private func begin() {
        isBegun = true
        for tree in OpenBMCPaths.trees { objects.addObjectManager(at: tree) }
        storage.chassis = settings.chassis
        publish(OpenBMCPaths.storage, StorageView.interfaces.map { $0.bound(to: storage) })
        for endpoint in fleet.endpoints { appeared(endpoint) }
        for drive in fleet.drives { show(drive) }
        for job in fleet.jobs.all { appeared(job) }
    }

    private func end() {
        isBegun = false
        for view in views.values { hide(view) }
        views = [:]
        for update in updates.values { update.hide() }
        updates = [:]
        patients = [:]
        objects.remove(OpenBMCPaths.storage)
        for tree in OpenBMCPaths.trees { objects.removeObjectManager(at: tree) }
    }

    // MARK: What the model tells

    func appeared(_ object: any ModelObject) {
        guard isBegun else { return }
        switch object {
        case let endpoint as Endpoint: patients[ObjectIdentifier(endpoint.health)] = endpoint
        case let drive as Drive: show(drive)
        case let controller as Controller: controller.endpoint.drive.map(show)
        case let job as Job: show(job)
        default: break
        }
    }

    func changed(_ object: any ModelObject) {
        guard isBegun else { return }
        switch object {
        case let drive as Drive: show(drive)
        case let endpoint as Endpoint: endpoint.drive.map(show)
        case let controller as Controller:
            if let drive = controller.endpoint.drive { tell(drive) }
        case let health as Health:
            if let drive = patients[ObjectIdentifier(health)]?.drive { healthChanged(of: drive) }
        case let job as Job: updates[ObjectIdentifier(job)]?.changed()
        default: break
        }
    }

    func vanished(_ object: any ModelObject) {
        guard isBegun else { return }
        switch object {
        case let endpoint as Endpoint: patients[ObjectIdentifier(endpoint.health)] = nil
        case let drive as Drive:
            if let view = views.removeValue(forKey: ObjectIdentifier(drive)) { hide(view) }
        case let controller as Controller: controller.endpoint.drive.map(show)
        case let job as Job: updates.removeValue(forKey: ObjectIdentifier(job))?.hide()
        default: break
        }
    }

    // MARK: Updates

    private func show(_ job: Job) {
        guard job.operation == FirmwareUpdate.kind.operation else { return }
        do {
            updates[ObjectIdentifier(job)] = try UpdateView(job, on: objects)
        } catch {
            logger.error("not published", metadata: ["job": "\(job.number)", "error": "\(error)"])
        }
    }

    // MARK: Drives

    private func show(_ drive: Drive) {
        let view = views[ObjectIdentifier(drive)] ?? DriveView(drive, settings)
        views[ObjectIdentifier(drive)] = view
        // Mostly it is published already as it is to be, and to find that out object by object would take longer
        // than anything else that a change takes.
        let shape = view.shape
        if shape != view.shown {
            view.shown = shape
            publish(view, as: shape)
        }
        tell(drive)
    }

    private func publish(_ view: DriveView, as shape: DriveView.Shape) {
        let wanted = view.objects(of: shape)
        for path in view.published where !wanted.contains(where: { $0.path == path }) {
            objects.remove(path)
        }
        view.published = wanted.map(\.path)
        for (path, interfaces) in wanted {
            let names = interfaces.map(\.name)
            let present = objects.interfaces(at: path)
            guard names != present else { continue }
            objects.removeInterfaces(path, present.filter { !names.contains($0) })
            publish(path, interfaces.filter { !present.contains($0.name) })
        }
    }

    /// What a poll brings may be the first of its kind, for which there is no object yet.
    private func healthChanged(of drive: Drive) {
        guard let view = views[ObjectIdentifier(drive)] else { return }
        if view.takeMetrics() { for metric in view.metrics { objects.changed(metric) } }
        show(drive)
    }

    private func tell(_ drive: Drive) {
        guard let view = views[ObjectIdentifier(drive)] else { return }
        objects.changed(view)
        for sensor in view.furtherTemperatures.values { objects.changed(sensor) }
        for controller in view.controllers.values { objects.changed(controller) }
        tellAlarms(of: view)
    }

    private func tellAlarms(of view: DriveView) {
        let now = (
            warning: view.isOverWarning, critical: view.isOverCritical
        )
        if now.warning != view.toldAlarms.warning {
            TemperatureThreshold.warning.tell(now.warning, of: view, on: objects)
        }
        if now.critical != view.toldAlarms.critical {
            TemperatureThreshold.critical.tell(now.critical, of: view, on: objects)
        }
        view.toldAlarms = now
    }

    private func hide(_ view: DriveView) {
        for path in view.published { objects.remove(path) }
        view.published = []
    }

    private func publish(_ path: ObjectPath, _ interfaces: [BoundInterface]) {
        do {
            try objects.add(path, interfaces)
        } catch {
            // A path that is taken is a mistake of the bridge's own, and harmless.
            logger.error("not published", metadata: ["path": "\(path)", "error": "\(error)"])
        }
    }
}

extension DriveView {
    /// Everything that the drive is to be seen as.
    fileprivate func objects(
        of shape: Shape
    ) -> [(path: ObjectPath, interfaces: [BoundInterface])] {
        let name = drive.name
        let thresholds =
            (shape.hasWarning ? [TemperatureThreshold.warning.interface] : [])
            + (shape.hasCritical ? [TemperatureThreshold.critical.interface] : [])
        let location = shape.hasLocation ? [DriveDecorators.location] : []
        let slot = shape.hasSlot ? [DriveDecorators.slot] : []
        let hours = shape.hasCounters ? [DriveDecorators.powerOnHours] : []
        var objects = [
            (path, bound(DriveInventory.all + DriveDecorators.all + location + slot + hours)),
            (OpenBMCPaths.temperature(of: name), bound(DriveSensors.temperature + thresholds)),
            (OpenBMCPaths.percentageUsed(of: name), bound(DriveSensors.percentageUsed)),
        ]
        if shape.hasSpare {
            objects.append(
                (OpenBMCPaths.availableSpare(of: name), bound(DriveSensors.availableSpare))
            )
        }
        var sensors: [UInt8: FurtherTemperature] = [:]
        for number in shape.sensors {
            let sensor = furtherTemperatures[number] ?? FurtherTemperature(number, of: drive)
            sensors[number] = sensor
            objects.append((sensor.path, sensor.interfaces(of: self)))
        }
        furtherTemperatures = sensors
        for metric in metrics {
            objects.append((metric.path, DriveMetrics.interfaces.map { $0.bound(to: metric) }))
        }
        if shape.hasFirmware {
            objects.append((OpenBMCPaths.software(of: name), bound(DriveSoftware.all)))
        }
        let present = drive.activeEndpoint?.inventory.controllers ?? []
        var views: [UInt16: ControllerView] = [:]
        for controller in present {
            let view = controllers[controller.identifier] ?? ControllerView(controller)
            view.controller = controller
            views[controller.identifier] = view
        }
        controllers = views
        for controller in present {
            guard let view = views[controller.identifier] else { continue }
            objects.append(
                (
                    OpenBMCPaths.controller(controller.identifier, of: name),
                    ControllerInventory.all.map { $0.bound(to: view) }
                )
            )
        }
        return objects
    }

    private func bound(_ interfaces: [Interface<DriveView>]) -> [BoundInterface] {
        interfaces.map { $0.bound(to: self) }
    }
}
