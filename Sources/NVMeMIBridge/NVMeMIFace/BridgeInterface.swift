import DBus
public import EventLoop
import NVMeMIDrives

/// The bridge's own interfaces.
///
/// Each name carries a version digit; what a name stands for is extended, never changed. They are
/// split by the right that their members need, because the bus policy is the only access control
/// there is.
@LoopActor
public enum BridgeInterface {
    /// A documented XML file for each interface: its name, and its text.
    public static var documents: [(name: String, text: String)] {
        [
            Interface<Manager>.manager.description,
            Interface<Manager>.managerControl.description,
            Interface<Drive>.drive.description,
            Interface<Endpoint>.endpoint.description,
            Interface<Endpoint>.endpointControl.description,
            Interface<Health>.health.description, Interface<Port>.port.description,
            Interface<Controller>.controller.description,
            Interface<Controller>.controllerControl.description,
            Interface<Controller>.firmware.description,
            Interface<Controller>.namespaceManagement.description,
            Interface<Controller>.erase.description,
            Interface<Controller>.security.description,
            Interface<Passthru>.passthru.description,
            Interface<Namespace>.namespace.description,
            Interface<Job>.job.description,
            Interface<Diagnostics>.diagnostics.description,
        ].map { ("\($0.name)", InterfaceXML.document(for: DocumentedKeys.added(to: $0))) }
    }
}
