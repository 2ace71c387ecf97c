internal import NVMeMI

/// Configuration Get and Set: what a port is set to, and what it can be set to.
extension ConfigurationIdentifier {
    /// A configuration of the vendor's.
    fileprivate static let vendorSpecific = Self(rawValue: 0xC0)
}

extension CommandContext {
    func configuration(_ command: ConfigurationGet) throws(RequestError) -> ManagementReply {
        switch command.identifier {
        case .smbusFrequency:
            let port = try twoWirePort(command.port)
            let frequency = drive.settings[port].frequency
            return ConfigurationGet.SMBusFrequency(port: command.port)
                .writeReply(SMBusFrequency(rawValue: frequency.rawValue))
        case .healthStatusChange:
            return ManagementReply()
        case .transmissionUnitSize:
            let port = try port(command.port)
            return ConfigurationGet.TransmissionUnitSize(port: command.port)
                .writeReply(drive.settings[port].transmissionUnit)
        case .asynchronousEvent:
            return try eventSupport()
        case .vendorSpecific where drive.has(.vendor):
            return ManagementReply(response: drive.vendorSetting & 0xFF_FFFF)
        default:
            throw unknown(command.identifier)
        }
    }

    mutating func configure(_ command: ConfigurationSet) throws(RequestError) -> ManagementReply {
        if command.identifier != .asynchronousEvent, !command.data.isEmpty {
            throw RequestError(
                status: .invalidCommandInputDataSize,
                reason: "\(command.identifier) has no data"
            )
        }
        switch command.identifier {
        case .smbusFrequency:
            let port = try twoWirePort(command.port)
            let wanted = try ConfigurationSet.SMBusFrequency(request: request).frequency
            guard let frequency = PortDescription.Frequency(rawValue: wanted.rawValue),
                frequency != .none,
                frequency <= drive.description.ports[port].maximumFrequency
            else {
                throw .parameter(9, "frequency \(wanted) is beyond what port \(port) can")
            }
            effects.append(.frequency(port: port, frequency))
        case .healthStatusChange:
            let change = try ConfigurationSet.HealthStatusChange(request: request)
            endpoint.compositeFlags.remove(change.cleared)
        case .transmissionUnitSize:
            let port = try port(command.port)
            let unit = try ConfigurationSet.TransmissionUnitSize(request: request).size
            let largest = drive.description.ports[port].maximumTransmissionUnit
            guard (64...max(64, largest)).contains(unit) else {
                throw .parameter(12, "\(unit) is not in 64…\(largest)")
            }
            effects.append(.transmissionUnit(port: port, unit))
        case .asynchronousEvent:
            return try configureEvents()
        case .vendorSpecific where drive.has(.vendor):
            drive.vendorSetting = try RawManagementCommand(request: request).dword1
        default:
            throw unknown(command.identifier)
        }
        return ManagementReply()
    }

    private func unknown(_ identifier: ConfigurationIdentifier) -> RequestError {
        .parameter(8, "there is no configuration \(identifier)")
    }

    private func port(_ number: UInt8) throws(RequestError) -> Int {
        guard Int(number) < drive.description.ports.count,
            drive.description.ports[Int(number)].kind != .inactive
        else {
            throw .parameter(11, "there is no port \(number)")
        }
        return Int(number)
    }

    private func twoWirePort(_ number: UInt8) throws(RequestError) -> Int {
        let index = try port(number)
        guard drive.description.ports[index].kind == .twoWire else {
            throw .parameter(11, "port \(number) has no two-wire clock")
        }
        return index
    }
}
