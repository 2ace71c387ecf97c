internal import DBus
internal import EventLoop
internal import NVMeMIDevice

/// A drive on the simulator's own interface.
@LoopActor
final class ControlledDrive {
    static let interfaceName: InterfaceName = "xyz.openbmc_project.NVMeMI.SimulatedDrive1"
    /// Properties that change while the drive runs.
    static let changingProperties: [MemberName] = [
        "Temperature", "PercentageUsed", "AvailableSpare", "CriticalWarning", "Connected",
        "ActiveFaults", "Endpoints",
    ]

    let drive: SimulatedDrive
    let path: ObjectPath

    init(_ drive: SimulatedDrive) throws(DBusError) {
        self.drive = drive
        path = try Self.path(of: drive)
    }

    static func path(of drive: SimulatedDrive) throws(DBusError) -> ObjectPath {
        try ObjectPath("\(ControlInterface.path)/drives/\(drive.number)")
    }

    private var now: DeviceTime { EventLoop.main.deviceTime }

    private func setFault(_ name: String, _ options: VariantDictionary) throws(DBusError) {
        do {
            var texts: [(name: String, value: String)] = []
            for (key, value) in options {
                texts.append((key, try DescriptionFile.Entry.text(key, value)))
            }
            drive.device.setFault(try Fault(named: name, options: texts))
        } catch {
            throw .invalidArgs("\(error)")
        }
        drive.onChange?()
    }

    private var statistics: VariantDictionary {
        let statistics = drive.device.statistics
        var requests: [String: UInt64] = [:]
        for request in statistics.requests {
            requests[request.name] = request.count
        }
        var dictionary = VariantDictionary()
        dictionary.set("Answers", statistics.answers)
        dictionary.set("Dropped", statistics.dropped)
        dictionary.set("Discarded", statistics.discarded)
        dictionary.set("Resets", statistics.resets)
        dictionary.set("Faults", statistics.faults)
        dictionary.set("Requests", requests)
        return dictionary
    }

    private func changeIdentifier(port: UInt8, to identifier: UInt8) throws(DBusError) {
        guard let endpoint = drive.endpoints.first(where: { $0.port == port }) else {
            let ports = drive.endpoints.map { "\($0.port)" }.joined(separator: ", ")
            throw .invalidArgs("port \(port) is not managed; managed are: \(ports)")
        }
        do {
            try drive.network.changeIdentifier(of: endpoint, to: identifier)
        } catch {
            throw .invalidArgs("\(error)")
        }
    }

    private func requireController(_ isThere: Bool) throws(DBusError) {
        guard isThere else { throw .invalidArgs("the drive has no such controller") }
    }

    static let interface = Interface<ControlledDrive>(
        interfaceName,
        documentation: "A simulated drive and what can happen to it."
    ) {
        Property("Number", "Number of the drive, in the order of plugging in.", .constant) {
            (object: ControlledDrive) in object.drive.number
        }
        Property("Label", "What the drive is called.", .constant) {
            (object: ControlledDrive) in object.drive.label
        }
        Property("SerialNumber", "Serial number.", .constant) { (object: ControlledDrive) in
            object.drive.device.description.serialNumber
        }
        Property("ModelNumber", "Model number.", .constant) { (object: ControlledDrive) in
            object.drive.device.description.modelNumber
        }
        Property("Endpoints", "Network and identifier of each endpoint.", .emitsChange) {
            (object: ControlledDrive) in
            object.drive.endpoints.map { Structure($0.network, $0.identifier) }
        }
        Property("Terminals", "Path of the terminal of each endpoint.", .constant) {
            (object: ControlledDrive) in object.drive.endpoints.compactMap(\.terminal)
        }
        Property("Connected", "Whether messages get through.", .emitsChange) {
            (object: ControlledDrive) in object.drive.isConnected
        }
        Property("Temperature", "Composite temperature, °C.", .emitsChange) {
            (object: ControlledDrive) in Int16(clamping: object.drive.device.temperature)
        }
        Property("PercentageUsed", "Life used, %.", .emitsChange) {
            (object: ControlledDrive) in object.drive.device.percentageUsed
        }
        Property("AvailableSpare", "Available spare, %.", .emitsChange) {
            (object: ControlledDrive) in object.drive.device.availableSpare
        }
        Property("CriticalWarning", "Critical warning bits.", .emitsChange) {
            (object: ControlledDrive) in object.drive.device.criticalWarning
        }
        Property("ActiveFaults", "Names of the faults in force.", .emitsChange) {
            (object: ControlledDrive) in object.drive.device.activeFaults.map(\.kind.rawValue)
        }
        faultMembers
        conditionMembers
    }

    @InterfaceBuilder<ControlledDrive>
    private static var faultMembers: [InterfaceMember<ControlledDrive>] {
        Method<ControlledDrive>.immediate(
            "SetFault",
            """
            Puts a fault in force; one of the same kind for the same commands is replaced.

            Options: \(Fault.options.map(\.name).joined(separator: ", ")).
            """,
            in: ["name", "options"]
        ) {
            (
                object: ControlledDrive,
                _: Invocation,
                name: String,
                options: VariantDictionary
            )
                throws in
            try object.setFault(name, options)
        }
        Method<ControlledDrive>.immediate("ClearFaults", "Ends every fault.") {
            (object: ControlledDrive, _: Invocation) in
            object.drive.device.clearFaults()
            object.drive.onChange?()
        }
        Method<ControlledDrive>.immediate(
            "GetStatistics",
            """
            What the drive has seen and done.

            Answers, Dropped, Discarded, Resets and Faults (that befell a request) are counts (t); \
            Requests (a{st}) has the number of requests by category and opcode, such as "mi 01" or \
            "admin 06".
            """,
            out: ["statistics"]
        ) { (object: ControlledDrive, _: Invocation) in object.statistics }
    }

    @InterfaceBuilder<ControlledDrive>
    private static var conditionMembers: [InterfaceMember<ControlledDrive>] {
        Method<ControlledDrive>.immediate(
            "SetTemperature",
            "Sets the composite temperature.",
            in: ["celsius"]
        ) { (object: ControlledDrive, _: Invocation, celsius: Int16) in
            object.drive.device.setTemperature(Int(celsius), at: object.now)
        }
        Method<ControlledDrive>.immediate(
            "SetPercentageUsed",
            "Sets the percentage of life used.",
            in: ["percentage"]
        ) { (object: ControlledDrive, _: Invocation, percentage: UInt8) in
            object.drive.device.setPercentageUsed(percentage, at: object.now)
        }
        Method<ControlledDrive>.immediate(
            "SetAvailableSpare",
            "Sets the available spare.",
            in: ["percentage"]
        ) { (object: ControlledDrive, _: Invocation, percentage: UInt8) in
            object.drive.device.setAvailableSpare(percentage, at: object.now)
        }
        Method<ControlledDrive>.immediate(
            "SetCriticalWarning",
            "Sets critical warning bits.",
            in: ["bits"]
        ) { (object: ControlledDrive, _: Invocation, bits: UInt8) in
            object.drive.device.setCriticalWarning(bits, at: object.now)
        }
        Method<ControlledDrive>.immediate(
            "SetControllerEnabled",
            "Has the host enable or disable a controller.",
            in: ["controller", "enabled"]
        ) { (object: ControlledDrive, _: Invocation, identifier: UInt16, isEnabled: Bool) throws in
            try object.requireController(
                object.drive.device.setEnabled(isEnabled, controller: identifier, at: object.now)
            )
        }
        Method<ControlledDrive>.immediate(
            "SetControllerFatal",
            "Sets or clears a controller's fatal status.",
            in: ["controller", "fatal"]
        ) { (object: ControlledDrive, _: Invocation, identifier: UInt16, isFatal: Bool) throws in
            try object.requireController(
                object.drive.device.setFatalStatus(isFatal, controller: identifier, at: object.now)
            )
        }
        Method<ControlledDrive>.immediate(
            "FailNextSanitize",
            "Makes the next sanitize operation fail."
        ) { (object: ControlledDrive, _: Invocation) in
            object.drive.device.failNextSanitize()
        }
        Method<ControlledDrive>.immediate(
            "FailNextSelfTest",
            """
            Makes the next self-test that comes to its end fail in a segment; by a logical block of a namespace, \
            unless that is 0.
            """,
            in: ["segment", "namespace", "block"]
        ) {
            (
                object: ControlledDrive,
                _: Invocation,
                segment: UInt8,
                namespace: UInt32,
                block: UInt64
            ) in
            object.drive.device.failNextSelfTest(
                segment: segment,
                namespace: namespace,
                block: block
            )
        }
        Method<ControlledDrive>.immediate(
            "ChangeTelemetryWhileRead",
            """
            Has another snapshot of telemetry made behind each of so many of the next commands that read data of \
            one.
            """,
            in: ["count"]
        ) { (object: ControlledDrive, _: Invocation, count: UInt32) in
            object.drive.device.changeTelemetryWhileRead(count)
        }
        Method<ControlledDrive>.immediate(
            "Reset",
            "Resets the drive; its endpoint identifiers are lost."
        ) { (object: ControlledDrive, _: Invocation) in object.drive.reset() }
        Method<ControlledDrive>.immediate(
            "Disconnect",
            "Lets no message through; the MCTP daemon says Degraded."
        ) { (object: ControlledDrive, _: Invocation) in object.drive.setConnected(false) }
        Method<ControlledDrive>.immediate(
            "ChangeEID",
            """
            Has the bus owner give another endpoint identifier to a port.

            A drive behind a terminal gets it when its bus owner assigns it there.
            """,
            in: ["port", "eid"]
        ) { (object: ControlledDrive, _: Invocation, port: UInt8, identifier: UInt8) throws in
            try object.changeIdentifier(port: port, to: identifier)
        }
        Method<ControlledDrive>.immediate(
            "Interrupt",
            "Loses every message both ways for some time; the MCTP daemon does not notice.",
            in: ["milliseconds"]
        ) { (object: ControlledDrive, _: Invocation, milliseconds: UInt32) in
            object.drive.interrupt(for: .milliseconds(Int64(milliseconds)))
        }
        Method<ControlledDrive>.immediate("Reconnect", "Lets messages through again.") {
            (object: ControlledDrive, _: Invocation) in object.drive.setConnected(true)
        }
    }
}
