public import EventLoop

/// A thing of the model that somebody may show: fleet, drive, endpoint, port, controller, namespace, health, job.
@LoopActor
public protocol ModelObject: AnyObject, Sendable {}

/// Whoever shows the model.
///
/// The model says which object has appeared, changed or vanished, and nothing of how it is shown: what of a
/// changed object is different now, the observer finds out.
@LoopActor
public protocol FleetObserver: AnyObject {
    /// An object has come into the model; everything that it refers to has come before.
    func appeared(_ object: any ModelObject)
    /// Something of an object may be different from before.
    func changed(_ object: any ModelObject)
    /// An object has left the model.
    func vanished(_ object: any ModelObject)
}
