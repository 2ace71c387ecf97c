import DBus
import EventLoop
import Logging
import MCTP
import NVMeMIDrives

/// mctpd as the directory of endpoints: its objects by address, and what is asked of them.
@LoopActor
final class MCTPDirectory: EndpointDirectory {
    /// How long an mctpd that lets us control nothing is not asked again.
    var refusalPause: Duration

    private let connection: Connection
    private let logger: Logger
    private var paths: [EndpointAddress: ObjectPath] = [:]
    private var addresses: [ObjectPath: EndpointAddress] = [:]
    /// Whether the log has been told that this mctpd lets us neither recover endpoints nor set routes.
    private var isRefusalTold = false
    private var refusedUntil: MonotonicInstant?

    private static let timeLimit: Duration = .seconds(10)

    /// Whether mctpd does what it is asked.
    enum Control: String {
        case granted, denied, unknown
    }

    /// Whether this mctpd does what it is asked, as far as that has shown.
    private(set) var control = Control.unknown {
        didSet { if control != oldValue { onControlChange?() } }
    }
    /// Called when ``control`` is another.
    var onControlChange: (@LoopActor () -> Void)?

    init(_ connection: Connection, refusalPause: Duration, logger: Logger) {
        self.connection = connection
        self.refusalPause = refusalPause
        self.logger = logger
    }

    // MARK: Objects

    func list(_ objects: [MCTPObject]) {
        paths = [:]
        addresses = [:]
        for object in objects { add(object) }
    }

    func add(_ object: MCTPObject) {
        // Bounds what a service that lies can cost.
        guard addresses.count < 2 * Fleet.endpointLimit || addresses[object.path] != nil else {
            return
        }
        let address = object.endpoint.address
        if let former = paths[address], former != object.path { addresses[former] = nil }
        if let former = addresses[object.path], former != address { paths[former] = nil }
        paths[address] = object.path
        addresses[object.path] = address
    }

    /// Forgets an object; returns the address that it was for.
    func remove(_ path: ObjectPath) -> EndpointAddress? {
        guard let address = addresses.removeValue(forKey: path) else { return nil }
        paths[address] = nil
        return address
    }

    func address(of path: ObjectPath) -> EndpointAddress? { addresses[path] }

    func path(of address: EndpointAddress) -> ObjectPath? { paths[address] }

    /// Another mctpd is on the bus, which may let us do more.
    func serviceAppeared() {
        isRefusalTold = false
        refusedUntil = nil
        control = .unknown
    }

    // MARK: What is asked

    var mayControl: Bool { refusedUntil.map { $0 <= EventLoop.main.now } ?? true }

    func recover(_ address: EndpointAddress) async throws(DirectoryError) {
        try await ask("Recover", address)
    }

    func setRouteMTU(_ mtu: UInt32, of address: EndpointAddress) async throws(DirectoryError) {
        try await ask("SetMTU", address, mtu)
    }

    private func ask(
        _ member: MemberName,
        _ address: EndpointAddress,
        _ arguments: any DBusType...
    ) async throws(DirectoryError) {
        guard let path = paths[address] else {
            throw DirectoryError(.absent, "mctpd has no object for \(address)")
        }
        do {
            _ = try await connection.call(
                destination: MCTPService.busName,
                path: path,
                interface: MCTPService.controlInterface,
                member: member,
                argumentList: arguments,
                timeout: Self.timeLimit
            )
            control = .granted
        } catch {
            let failure = DirectoryError(error)
            if failure.kind == .notPermitted { noteRefusal(failure) }
            throw failure
        }
    }

    /// mctpd said that we may not: told to the log once for each mctpd, which is asked again after a long
    /// time.
    private func noteRefusal(_ error: DirectoryError) {
        if !isRefusalTold {
            logger.warning(
                "mctpd lets the bridge neither recover endpoints nor set their routes; it goes on without",
                metadata: [
                    "error": "\(error.message)",
                    "help": "run it as mctpd's user, or as root: dbus/install --user NAME",
                ]
            )
        }
        isRefusalTold = true
        control = .denied
        refusedUntil = EventLoop.main.now + refusalPause
    }
}

extension DirectoryError {
    /// What an error reply of mctpd, or of the bus in its place, means.
    fileprivate init(_ error: DBusError) {
        let kind: Kind =
            if error.isStandard("AccessDenied") {
                .notPermitted
            } else if ["UnknownMethod", "UnknownInterface"].contains(where: error.isStandard) {
                .unsupported
            } else if [
                "ServiceUnknown", "NameHasNoOwner", "NoReply", "Timeout", "Disconnected",
                "UnknownObject",
            ].contains(where: error.isStandard) {
                .absent
            } else {
                .failed
            }
        self.init(kind, error.message)
    }
}
