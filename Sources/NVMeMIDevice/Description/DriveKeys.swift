extension DriveDescription {
    /// The keys of a `[drive]` section, which the control interface and the command line take too.
    public static let keys: [DescriptionKey<DriveDescription>] =
        identityKeys + subsystemKeys + healthKeys + behaviourKeys

    /// Sets a key of a `[drive]` section from its text.
    ///
    /// - Parameters:
    ///   - name: A name of ``keys``.
    ///   - value: The text of its value.
    /// - Throws: ``ValueError`` naming what is not known or not readable.
    public mutating func set(_ name: String, to value: String) throws(ValueError) {
        try DriveDescription.keys.apply(name, value, to: &self)
    }

    private static let identityKeys: [DescriptionKey<DriveDescription>] = [
        .text("label", \.label, "what to call the drive in logs and on the bus"),
        DescriptionKey("eid", "endpoint identifiers of the managed ports, 8…254, in their order") {
            (drive, text) throws(ValueError) in
            drive.endpointIdentifiers = try list(text) { (item) throws(ValueError) in
                try ValueError.integer(item, in: 8...254)
            }
        },
        DescriptionKey("network", "MCTP network identifier") { (drive, text) throws(ValueError) in
            drive.network = try ValueError.integer(text, in: 1...UInt32.max)
        },
        .text("model-number", \.modelNumber, atMost: 40, "model number"),
        .text("serial-number", \.serialNumber, atMost: 20, "serial number"),
        DescriptionKey("uuid", "UUID of the MCTP endpoint, or none for a drive that has none") {
            (drive, text) throws(ValueError) in
            drive.answersEndpointUUID = text != "none"
            guard drive.answersEndpointUUID else { return }
            drive.endpointUUID = try uuid(text)
        },
        DescriptionKey("subsystem-nqn", "NVMe qualified name") { (drive, text) throws(ValueError) in
            drive.subsystemNQN = try DescriptionKey<Self>.ascii(text, atMost: 223)
        },
        .integer("vendor-id", \.vendorID, "PCI vendor identifier"),
        .integer("device-id", \.deviceID, "PCI device identifier"),
        .integer("subsystem-vendor-id", \.subsystemVendorID, "PCI subsystem vendor identifier"),
        .integer("subsystem-id", \.subsystemID, "PCI subsystem identifier"),
        .integer("organisation", \.organisation, in: 0...0xFF_FFFF, "IEEE organisation identifier"),
        DescriptionKey("management-version", "NVMe-MI version, major.minor") {
            (drive, text) throws(ValueError) in
            let numbers = try version(text, parts: 2)
            drive.managementVersion = (numbers[0], numbers[1])
        },
        DescriptionKey("nvme-version", "NVMe version, major.minor.tertiary") {
            (drive, text) throws(ValueError) in
            let numbers = try version(text, parts: 3).map(UInt32.init)
            drive.nvmeVersion = numbers[0] << 16 | numbers[1] << 8 | numbers[2]
        },
        DescriptionKey("firmware", "firmware revision in each slot, up to 7; may be empty") {
            (drive, text) throws(ValueError) in
            let revisions = try list(text) { (item) throws(ValueError) in
                try DescriptionKey<Self>.ascii(item, atMost: 8)
            }
            guard (1...7).contains(revisions.count) else {
                throw ValueError("there are 1 to 7 firmware slots, not \(revisions.count)")
            }
            drive.firmwareRevisions = revisions
        },
        .integer("active-firmware", \.activeFirmwareSlot, in: 1...7, "slot whose firmware runs"),
        .boolean(
            "first-firmware-read-only",
            \.isFirstFirmwareSlotReadOnly,
            "firmware slot 1 cannot be written"
        ),
    ]

    private static let subsystemKeys: [DescriptionKey<DriveDescription>] = [
        DescriptionKey("remove", "what to drop of the model: ports, controllers, namespaces") {
            (drive, text) throws(ValueError) in
            for part in TextValue.list(text) {
                switch part {
                case "ports": drive.ports = []
                case "controllers": drive.controllers = []
                case "namespaces": drive.namespaces = []
                default: throw ValueError("'\(part)' is not ports, controllers or namespaces")
                }
            }
        },
        .bytes("capacity", \.capacity, "total capacity, with a unit such as GB or TiB"),
        .integer(
            "maximum-namespaces",
            \.maximumNamespaces,
            in: 1...65_536,
            "highest namespace identifier"
        ),
        DescriptionKey("formats", "logical block formats, each DATA or DATA+METADATA bytes") {
            (drive, text) throws(ValueError) in
            drive.formats = try blockFormats(text)
        },
        DescriptionKey("vpd", "VPD image in hexadecimal") { (drive, text) throws(ValueError) in
            guard let bytes = TextValue.bytes(text), bytes.count <= 65_535 else {
                throw ValueError("the value is not hexadecimal bytes")
            }
            drive.vitalProductData = bytes
        },
        .choices("optional-commands", \.optionalCommands),
        .choices("abilities", \.abilities),
        .choices("sanitize-abilities", \.sanitizeAbilities),
        .boolean(
            "format-all-namespaces",
            \.formatsAllNamespaces,
            "Format NVM formats all namespaces, whichever is named"
        ),
        .integer(
            "maximum-attachments",
            \.maximumAttachments,
            "namespaces that can be attached to a controller; 0 for no limit of its own"
        ),
        .integer(
            "host-activity",
            \.hostActivity,
            "units of 512 000 bytes that hosts read and write in a minute"
        ),
    ]

    private static let healthKeys: [DescriptionKey<DriveDescription>] = [
        .celsius("temperature", \.health.temperature, "composite temperature, °C"),
        DescriptionKey("sensors", "temperatures of sensors 1…8, °C") {
            (drive, text) throws(ValueError) in
            let sensors = try list(text, DescriptionKey<Self>.temperature)
            guard sensors.count <= 8 else { throw ValueError("there are at most 8 sensors") }
            drive.health.sensors = sensors
        },
        .celsius("warning-temperature", \.health.warningTemperature, "warning threshold, °C"),
        .celsius("critical-temperature", \.health.criticalTemperature, "critical threshold, °C"),
        .integer("critical-warning", \.health.criticalWarning, "critical warning bits"),
        .integer("available-spare", \.health.availableSpare, in: 0...100, "available spare, %"),
        .integer("spare-threshold", \.health.spareThreshold, in: 0...100, "spare threshold, %"),
        .integer("percentage-used", \.health.percentageUsed, "life used, %; 255 or more is 255"),
        .integer("data-units-read", \.health.dataUnitsRead, "units of 512 000 bytes read"),
        .integer("data-units-written", \.health.dataUnitsWritten, "units of 512 000 bytes written"),
        .integer("host-reads", \.health.hostReads, "read commands"),
        .integer("host-writes", \.health.hostWrites, "write commands"),
        .integer("busy-time", \.health.busyTime, "minutes busy"),
        .integer("power-cycles", \.health.powerCycles, "power cycles"),
        .integer("power-on-hours", \.health.powerOnHours, "hours powered on"),
        .integer("unsafe-shutdowns", \.health.unsafeShutdowns, "shutdowns without notice"),
        .integer("media-errors", \.health.mediaErrors, "media errors"),
        .integer("error-log-entries", \.health.errorLogEntries, "entries ever in the error log"),
        .integer(
            "warning-temperature-time",
            \.health.warningTemperatureTime,
            "minutes above the warning threshold"
        ),
        .integer(
            "critical-temperature-time",
            \.health.criticalTemperatureTime,
            "minutes above the critical threshold"
        ),
    ]

    private static let behaviourKeys: [DescriptionKey<DriveDescription>] = [
        .choice("second-slot", \.secondSlot, "command slot 1"),
        .choice("control-primitives", \.controlPrimitives, "control primitives"),
        .choice("slice-beyond-end", \.sliceBeyondEnd, "DOFST and DLEN beyond the data are"),
        .boolean(
            "refuses-log-page-offset",
            \.refusesLogPageOffset,
            "Get Log Page with DOFST other than 0 is refused"
        ),
        .boolean(
            "log-page-offset",
            \.hasLogPageOffset,
            "Get Log Page knows the log page offset; without, it ignores it"
        ),
        .boolean(
            "refuses-retained-events",
            \.refusesRetainedEvents,
            "Get Log Page with Retain Asynchronous Event is refused"
        ),
        .boolean(
            "takes-structure-for-flag",
            \.takesStructureForFlag,
            "Identify answers with the controller whatever but a namespace is asked for"
        ),
        .boolean(
            "clears-reserved-warnings",
            \.clearsReservedWarnings,
            "reserved bits of SMART Warnings are 0, as warnings are"
        ),
        .integer("latency-ms", \.latency, "milliseconds from request to answer"),
        .integer("reset-time-ms", \.resetTime, "milliseconds a reset takes"),
        .integer("sanitize-time-ms", \.sanitizeTime, "milliseconds a sanitize operation takes"),
        .integer("self-test-time-ms", \.shortSelfTestTime, "milliseconds a short self-test takes"),
        .integer(
            "extended-self-test-time-ms",
            \.extendedSelfTestTime,
            "milliseconds an extended self-test takes"
        ),
        .integer("format-time-ms", \.formatTime, "milliseconds Format NVM takes"),
        .boolean(
            "format-in-background",
            \.formatsInBackground,
            "Format NVM is answered at once and carried out behind the answer"
        ),
    ]

    private static func list<Item>(
        _ text: String,
        _ read: (String) throws(ValueError) -> Item
    ) throws(ValueError) -> [Item] {
        var items: [Item] = []
        for part in TextValue.list(text) { items.append(try read(part)) }
        return items
    }

    static func uuid(_ text: String) throws(ValueError) -> DeviceUUID {
        guard let uuid = DeviceUUID(text) else { throw ValueError("'\(text)' is not a UUID") }
        return uuid
    }

    private static func version(_ text: String, parts: Int) throws(ValueError) -> [UInt8] {
        var numbers: [UInt8] = []
        for part in text.split(separator: ".", omittingEmptySubsequences: false) {
            numbers.append(try ValueError.integer(String(part)))
        }
        guard (2...parts).contains(numbers.count) else {
            throw ValueError("'\(text)' is not a version")
        }
        return numbers + Array(repeating: 0, count: parts - numbers.count)
    }

    private static func blockFormats(_ text: String) throws(ValueError) -> [BlockFormat] {
        let formats = try list(text) { (item) throws(ValueError) -> BlockFormat in
            let parts = item.split(separator: "+", omittingEmptySubsequences: false)
            let data: UInt32 = try ValueError.integer(
                parts.first.map(String.init) ?? "",
                in: 512...0x8000_0000
            )
            guard data.nonzeroBitCount == 1, parts.count <= 2 else {
                throw ValueError("'\(item)' is not a power of two and metadata bytes")
            }
            let metadata: UInt16 = parts.count < 2 ? 0 : try ValueError.integer(String(parts[1]))
            return BlockFormat(dataSize: data, metadataSize: metadata)
        }
        guard (1...16).contains(formats.count) else {
            throw ValueError("there are 1 to 16 formats, not \(formats.count)")
        }
        return formats
    }
}
