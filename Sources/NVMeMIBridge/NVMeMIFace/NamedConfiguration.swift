import DBus
import EventLoop
import NVMeMI
import NVMeMIClient
import NVMeMIDrives

/// The configurations that have names on the bus: how each is read and set, and what values it takes.
enum NamedConfiguration: String, CaseIterable {
    case smbusFrequency = "SMBusFrequency"
    case transmissionUnit = "MCTPTransmissionUnit"
    case healthStatusChange = "HealthStatusChange"

    /// The configuration of a name.
    ///
    /// - Throws: `InvalidArgs` that lists the names.
    init(_ name: String) throws(DBusError) {
        guard let configuration = Self(rawValue: name) else {
            let names = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw BusErrors.invalidArgument(
                "unknown configuration '\(name)'; the configurations are \(names)"
            )
        }
        self = configuration
    }

    /// Reads it.
    @LoopActor
    func get(from endpoint: Endpoint, port: UInt8, for call: Invocation) async throws -> Variant {
        switch self {
        case .smbusFrequency:
            _ = try endpoint.twoWirePort(port)
            let frequency = try await endpoint.perform(
                ConfigurationGet.SMBusFrequency(port: port),
                for: call.requester
            )
            return Variant(frequency.hertz ?? 0)
        case .transmissionUnit:
            _ = try endpoint.port(port)
            return Variant(
                try await endpoint.perform(
                    ConfigurationGet.TransmissionUnitSize(port: port),
                    for: call.requester
                )
            )
        case .healthStatusChange:
            // Configuration Get has nothing to return for it; the poll has the flags themselves.
            let health = try await endpoint.perform(
                SubsystemHealthStatusPoll(version: endpoint.inventory.version),
                for: call.requester,
                priority: .health
            )
            return Variant(health.compositeControllerStatus.setNames)
        }
    }

    /// Sets it.
    @LoopActor
    func set(
        _ value: Value,
        at endpoint: Endpoint,
        port: UInt8,
        for call: Invocation
    ) async throws {
        switch self {
        case .smbusFrequency:
            let command = ConfigurationSet.SMBusFrequency(
                port: port,
                frequency: try frequency(value, of: endpoint.twoWirePort(port), port)
            )
            try await endpoint.set(command, for: call.requester)
        case .transmissionUnit:
            let command = ConfigurationSet.TransmissionUnitSize(
                port: port,
                size: try size(value, of: endpoint.port(port), port)
            )
            try await endpoint.set(command, for: call.requester)
        case .healthStatusChange:
            let command = ConfigurationSet.HealthStatusChange(clearing: try flags(value))
            try await endpoint.perform(command, for: call.requester, isWriting: true)
        }
    }

    private func frequency(
        _ value: Value,
        of port: TwoWirePort,
        _ number: UInt8
    ) throws(DBusError) -> SMBusFrequency {
        let maximum = port.maximumManagementEndpointFrequency.hertz ?? 0
        let possible = SMBusFrequency.names.map(\.key).sorted()
            .compactMap { SMBusFrequency(rawValue: $0).hertz }
            .filter { maximum == 0 || $0 <= maximum }
        let allowed = possible.map { "\($0)" }.joined(separator: ", ")
        guard let number32 = value.integer.flatMap(UInt32.init(exactly:)),
            possible.contains(number32), let frequency = SMBusFrequency(hertz: number32)
        else {
            throw BusErrors.invalidArgument(
                "\(rawValue) cannot be \(value.text); it takes a number of hertz, which for port "
                    + "\(number) is \(allowed)"
            )
        }
        return frequency
    }

    private func size(
        _ value: Value,
        of port: PortInformation,
        _ number: UInt8
    ) throws(DBusError) -> UInt16 {
        let allowed = 64...max(64, port.maximumTransmissionUnitSize)
        guard let size = value.integer.flatMap(UInt16.init(exactly:)), allowed.contains(size) else {
            throw BusErrors.invalidArgument(
                "\(rawValue) cannot be \(value.text); it takes a number of bytes of payload, which for "
                    + "port \(number) is \(allowed.lowerBound) to \(allowed.upperBound)"
            )
        }
        return size
    }

    private func flags(_ value: Value) throws(DBusError) -> ControllerStatusFlags {
        var flags: ControllerStatusFlags = []
        let known = ControllerStatusFlags.names
        for name in value.decode([String].self) ?? [value.text] {
            guard let flag = known.first(where: { $0.name == name }) else {
                throw BusErrors.invalidArgument(
                    "\(rawValue) takes an array of the names of flags to clear (as), which are "
                        + known.map(\.name).joined(separator: ", ") + "; not \(name)"
                )
            }
            flags.insert(ControllerStatusFlags(rawValue: 1 << UInt16(flag.bit)))
        }
        return flags
    }
}
