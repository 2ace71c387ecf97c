import DBus
import EventLoop
import NVMeMI
import NVMeMIDrives

extension Interface where Object == Port {
    /// What the endpoint says of one of its subsystem's ports.
    static let port = Interface(
        "xyz.openbmc_project.NVMeMI.Port1",
        documentation: "A port of the NVM subsystem. Members that do not apply to its type are 0.",
        right: .reading
    ) {
        Property("PortNumber", "The port's number, from 0.", .constant) { (port: Port) in
            port.number
        }
        Property("Type", "Inactive, PCIe or TwoWire; a number when unknown.", .emitsChange) {
            (port: Port) in "\(port.information.type)"
        }
        Property(
            "MaximumTransmissionUnit",
            "The largest MCTP transmission unit in bytes of payload, 64 or more.",
            .emitsChange
        ) { (port: Port) in port.information.maximumTransmissionUnitSize }
        Property(
            "ManagementEndpointBufferSize",
            "In bytes; 0 when there is none.",
            .emitsChange
        ) { (port: Port) in port.information.managementEndpointBufferSize }
        Property(
            "Information",
            "Everything that the port's data structure says, by name.",
            .emitsChange
        ) { (port: Port) in Fields(of: port.information) }
    }
}
