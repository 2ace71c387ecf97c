internal import NVMeMI

/// What Read NVMe-MI Data Structure tells.
extension CommandContext {
    func dataStructure(_ command: ReadDataStructure) throws(RequestError) -> [UInt8] {
        switch command.type {
        case .subsystemInformation:
            return subsystemInformation.data
        case .portInformation:
            guard Int(command.port) < drive.description.ports.count else {
                throw .parameter(10, "there is no port \(command.port)")
            }
            return information(of: drive.description.ports[Int(command.port)]).data
        case .controllerList:
            let identifiers = drive.controllers.lazy.map(\.identifier)
            return ControllerList(identifiers.filter { $0 >= command.controller }).data
        case .controllerInformation:
            guard let index = drive.controllerIndex(command.controller) else {
                throw .parameter(8, "there is no controller \(command.controller)")
            }
            return information(of: drive.controllers[index].description).data
        case .optionalCommands:
            return CommandList(drive.optionalCommands).data
        case .managementEndpointBufferCommands:
            return CommandList(drive.bufferCommands(on: endpoint)).data
        default:
            throw .parameter(11, "there is no data structure \(command.type)")
        }
    }

    private var subsystemInformation: SubsystemInformation {
        var structure = SubsystemInformation()
        structure.greatestPort = UInt8(clamping: drive.description.ports.count - 1)
        structure.majorVersion = drive.description.managementVersion.major
        structure.minorVersion = drive.description.managementVersion.minor
        return structure
    }

    private func information(of port: PortDescription) -> PortInformation {
        var structure = PortInformation()
        if port.supportsAutoPause { structure.capabilities.insert(.commandInitiatedAutoPause) }
        if port.supportsAsynchronousEvents {
            structure.capabilities.insert(.asynchronousEventMessages)
        }
        structure.maximumTransmissionUnitSize = port.maximumTransmissionUnit
        structure.managementEndpointBufferSize = port.managementEndpointBufferSize
        switch port.kind {
        case .inactive:
            break
        case .pcie:
            structure.type = .pcie
            var part = PCIePort()
            part.maximumPayloadSize = port.maximumPayloadSize
            part.supportedLinkSpeeds = PCIeLinkSpeeds(rawValue: port.supportedLinkSpeeds)
            part.currentLinkSpeed = PCIeLinkSpeed(rawValue: port.currentLinkSpeed)
            part.maximumLinkWidth = port.maximumLinkWidth
            part.negotiatedLinkWidth = port.negotiatedLinkWidth
            part.portNumber = port.pciePortNumber
            structure.pcie = part
        case .twoWire:
            structure.type = .twoWire
            var part = TwoWirePort()
            part.vpdAddress = port.vpdAddress
            part.maximumVPDFrequency = SMBusFrequency(rawValue: port.vpdFrequency.rawValue)
            part.managementEndpointAddress = port.endpointAddress
            part.maximumManagementEndpointFrequency = SMBusFrequency(
                rawValue: port.maximumFrequency.rawValue
            )
            part.supportsI3C = port.supportsI3C
            part.supportsBasicManagement = port.supportsBasicManagement
            structure.twoWire = part
        }
        return structure
    }

    private func information(of controller: ControllerDescription) -> ControllerInformation {
        var structure = ControllerInformation()
        structure.port = controller.port
        structure.isRoutingIdentifierValid = true
        structure.routingIdentifier =
            UInt16(controller.bus) << 8 | UInt16(controller.deviceFunction)
        structure.vendorID = drive.description.vendorID
        structure.deviceID = drive.description.deviceID
        structure.subsystemVendorID = drive.description.subsystemVendorID
        structure.subsystemID = drive.description.subsystemID
        return structure
    }
}
