import EventLoop

/// Which endpoints are of which drive.
@LoopActor
final class DriveRoster {
    /// In the order of their names' first use.
    private(set) var drives: [Drive] = []
    private var bySubsystem: [SubsystemKey: Drive] = [:]
    private var names = DriveNames()
    private weak var observer: (any FleetObserver)?

    func tell(_ observer: any FleetObserver) {
        self.observer = observer
    }

    /// Puts an endpoint to its drive, or to another when it tells better now who it is.
    ///
    /// - Returns: Whether there are other drives than before.
    func assign(_ endpoint: Endpoint) -> Bool {
        let identity = endpoint.identity
        let key = identity?.subsystemKey
        var isOneLess = false
        var renamed: Drive?
        if let drive = endpoint.drive {
            // One that is named for its address gets a better name as soon as there is one; one that does not
            // tell any more keeps what it has.
            let isOther = identity.map { drive.assignedIdentity?.name != $0.name } ?? false
            // So does one whose record is another now, unless it has other ways with records of their own.
            let isBetterNamed =
                (!drive.isNamedForPlace || drive.endpoints.count == 1)
                && names.canTake(endpoint.placeName)
            guard isOther || isBetterNamed else { return false }
            if !isOther { renamed = drive }
            isOneLess = remove(endpoint)
        }
        let drive: Drive
        guard let key, let known = bySubsystem[key] else {
            let placeName = names.take(endpoint.placeName)
            drive = Drive(
                name: placeName ?? identity.flatMap { names.take(for: $0) }
                    ?? names.take(for: endpoint.address)
            )
            drive.isNamedForPlace = placeName != nil
            drive.assignedIdentity = identity
            if let renamed { drive.inherit(from: renamed) }
            if let key { bySubsystem[key] = drive }
            drives.append(drive)
            endpoint.drive = drive
            drive.add(endpoint)
            observer?.appeared(drive)
            observer?.changed(endpoint)
            return true
        }
        drive = known
        endpoint.drive = drive
        drive.add(endpoint)
        observer?.changed(drive)
        for other in drive.endpoints { observer?.changed(other) }
        return isOneLess
    }

    /// Takes an endpoint from its drive, which goes with its last one.
    ///
    /// - Returns: Whether there are other drives than before.
    func remove(_ endpoint: Endpoint) -> Bool {
        guard let drive = endpoint.drive else { return false }
        endpoint.drive = nil
        drive.remove(endpoint)
        guard drive.endpoints.isEmpty else {
            observer?.changed(drive)
            for other in drive.endpoints { observer?.changed(other) }
            return false
        }
        observer?.vanished(drive)
        names.giveBack(drive.name)
        drives.removeAll { $0 === drive }
        if let key = drive.assignedIdentity?.subsystemKey, bySubsystem[key] === drive {
            bySubsystem[key] = nil
        }
        return true
    }
}

extension Endpoint {
    /// What the machine's inventory calls the drive behind it; nil while that has not told.
    fileprivate var placeName: String? { fleet.knownPlace(of: address)?.name }
}

extension DriveIdentity {
    /// What a drive is named for and told from others by.
    fileprivate var name: [String] {
        ["\(vendorID)", model, serialNumber, subsystemNQN]
    }
}
