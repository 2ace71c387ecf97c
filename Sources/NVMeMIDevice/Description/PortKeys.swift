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
        frequency("heard-frequency", \.heardFrequency, "clock above which its answers get lost"),
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
