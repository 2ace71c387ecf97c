extension PortDescription {
    /// The keys of a `[port N]` section.
    public static let keys: [DescriptionKey<PortDescription>] = [
        .choice("kind", \.kind, "what the port is"),
        .boolean("managed", \.isManaged, "requesters reach a Management Endpoint here"),
        .boolean("auto-pause", \.supportsAutoPause, "Command Initiated Auto Pause"),
        .boolean(
            "asynchronous-events",
            \.supportsAsynchronousEvents,
            "Asynchronous Event Messages"
        ),
        .integer(
            "maximum-transmission-unit",
            \.maximumTransmissionUnit,
            in: 64...4_096,
            "largest MCTP transmission unit, bytes of payload"
        ),
        .integer(
            "endpoint-buffer",
            \.managementEndpointBufferSize,
            in: 0...65_536,
            "Management Endpoint Buffer, bytes"
        ),
        .integer("maximum-payload", \.maximumPayloadSize, in: 0...5, "PCIe payload size, coded"),
        .integer("link-speeds", \.supportedLinkSpeeds, "PCIe link speeds supported, bits"),
        .integer("link-speed", \.currentLinkSpeed, in: 0...6, "PCIe link speed, 0 is down"),
        .integer("maximum-width", \.maximumLinkWidth, in: 0...32, "PCIe lanes at most"),
        .integer("width", \.negotiatedLinkWidth, in: 0...32, "PCIe lanes negotiated"),
        .integer("pcie-port", \.pciePortNumber, "PCIe port number"),
        .integer("vpd-address", \.vpdAddress, "VPD device address, 8-bit form; 0 is none"),
        frequency("vpd-frequency", \.vpdFrequency, "highest clock of the VPD device"),
        frequency("maximum-frequency", \.maximumFrequency, "highest clock of the endpoint"),
        .integer("endpoint-address", \.endpointAddress, "endpoint address, 8-bit form"),
        .boolean("i3c", \.supportsI3C, "the port can be run as I3C"),
        .boolean("basic-management", \.supportsBasicManagement, "Basic Management Command"),
    ]

    private static func frequency(
        _ name: String,
        _ path: any WritableKeyPath<PortDescription, Frequency> & Sendable,
        _ documentation: String
    ) -> DescriptionKey<PortDescription> {
        DescriptionKey(name, documentation + ": none, 100kHz, 400kHz, 1MHz") {
            (port, text) throws(ValueError) in
            switch text {
            case "none": port[keyPath: path] = .none
            case "100kHz": port[keyPath: path] = .standard
            case "400kHz": port[keyPath: path] = .fast
            case "1MHz": port[keyPath: path] = .fastPlus
            default: throw ValueError("'\(text)' is not none, 100kHz, 400kHz or 1MHz")
            }
        }
    }
}

extension ControllerDescription {
    /// The keys of a `[controller N]` section.
    public static let keys: [DescriptionKey<ControllerDescription>] = [
        .integer("port", \.port, "port the host uses"),
        .choice("function", \.function, "PCI function"),
        DescriptionKey("kind", "controller type: unreported, io, administrative") {
            (controller, text) throws(ValueError) in
            switch text {
            case "unreported": controller.kind = .unreported
            case "io": controller.kind = .inputOutput
            case "administrative": controller.kind = .administrative
            default: throw ValueError("'\(text)' is not unreported, io or administrative")
            }
        },
        .integer("bus", \.bus, "PCI bus number"),
        .integer("device-function", \.deviceFunction, "PCI device 7:3 and function 2:0"),
        .boolean("enabled", \.isEnabled, "a host has enabled the controller"),
    ]
}

extension NamespaceDescription {
    /// The keys of a `[namespace N]` section.
    public static let keys: [DescriptionKey<NamespaceDescription>] = [
        .bytes("size", \.size, "size, with a unit such as GB or TiB"),
        .integer("utilization", \.utilization, in: 0...100, "part in use, %"),
        .integer("format", \.format, in: 0...15, "index of the logical block format"),
        .boolean("shared", \.isShared, "several controllers may be attached"),
        DescriptionKey("controllers", "controllers it is attached to, or all, or none") {
            (namespace, text) throws(ValueError) in
            switch text {
            case "all": namespace.controllers = nil
            case "none": namespace.controllers = []
            default:
                var controllers: [UInt16] = []
                for item in TextValue.list(text) {
                    controllers.append(try ValueError.integer(item))
                }
                namespace.controllers = controllers
            }
        },
        .boolean("write-protected", \.isWriteProtected, "writing is refused"),
        identifier("eui64", \.eui64, length: 8, "EUI-64, 8 bytes in hexadecimal"),
        identifier("nguid", \.nguid, length: 16, "NGUID, 16 bytes in hexadecimal"),
        DescriptionKey("uuid", "UUID") { (namespace, text) throws(ValueError) in
            namespace.uuid = try DriveDescription.uuid(text)
        },
    ]

    private static func identifier(
        _ name: String,
        _ path: any WritableKeyPath<NamespaceDescription, [UInt8]?> & Sendable,
        length: Int,
        _ documentation: String
    ) -> DescriptionKey<NamespaceDescription> {
        DescriptionKey(name, documentation) { (namespace, text) throws(ValueError) in
            guard let bytes = TextValue.bytes(text, ignoring: "-:"), bytes.count == length else {
                throw ValueError("'\(text)' is not \(length) hexadecimal bytes")
            }
            namespace[keyPath: path] = bytes
        }
    }
}
