import DBus
import EventLoop
import Logging
import NVMeMIDrives

/// Whether the host sleeps, whose power the drives share; as OpenBMC's state managers tell, where there are such.
@LoopActor
final class HostPower {
    private unowned let fleet: Fleet
    private let logger: Logger
    private let connection: Connection
    private lazy var chassis = watch("Chassis", "CurrentPowerState")
    private lazy var host = watch("Host", "CurrentHostState")
    private var wasAsleep: Bool?

    init(_ connection: Connection, into fleet: Fleet, logger: Logger) {
        self.connection = connection
        self.fleet = fleet
        self.logger = logger
    }

    func begin() async throws(DBusError) {
        try await chassis.begin()
        try await host.begin()
    }

    func end() async {
        await chassis.end()
        await host.end()
    }

    private func watch(_ name: String, _ property: String) -> WatchedText {
        let interface = InterfaceName(stringLiteral: "xyz.openbmc_project.State.\(name)")
        return WatchedText(
            property,
            of: interface,
            at: ObjectPath(stringLiteral: "/xyz/openbmc_project/state/\(name.lowercased())0"),
            of: BusName(stringLiteral: interface.string),
            on: connection
        ) { [unowned self] in changed() }
    }

    /// Whether the host sleeps, nil while nobody tells; a chassis without power counts, whatever is said of the host.
    private var isAsleep: Bool? {
        switch chassis.value.flatMap(Self.lastWord) {
        case "Off": return true
        case "On" where host.value == nil: return false
        default: return host.value.flatMap(Self.lastWord).map { $0 == "Off" }
        }
    }

    private static func lastWord(_ text: String) -> Substring? { text.split(separator: ".").last }

    private func changed() {
        let isAsleep = isAsleep
        guard isAsleep != wasAsleep else { return }
        wasAsleep = isAsleep
        switch isAsleep {
        case true?: logger.notice("the host is off: drives that are silent sleep with it")
        case false?: logger.notice("the host is on")
        case nil: logger.info("nobody tells whether the host is on")
        }
        fleet.isHostAsleep = isAsleep ?? false
    }
}
