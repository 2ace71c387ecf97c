public import DBus
public import EventLoop
internal import NVMeMIDevice

/// The simulator's own interface on a bus: drives are plugged and pulled, and things happen to
/// them.
@LoopActor
public final class ControlInterface {
    /// The name on the bus.
    public static let service: BusName = "xyz.openbmc_project.NVMeMI.Simulator"
    /// The path of the object that stands for the simulator.
    public static let path: ObjectPath = "/xyz/openbmc_project/nvme_mi/simulator"
    /// What the interfaces of the simulator and of its drives look like, for documents.
    public static let interfaces: [InterfaceDescription] = [
        interface.description, ControlledDrive.interface.description,
    ]
    static let interfaceName: InterfaceName = "xyz.openbmc_project.NVMeMI.Simulator1"

    let simulation: SimulatedNetwork
    let standIn: MctpdStandIn?
    private let connection: Connection
    private var drives: [ObjectPath: ControlledDrive] = [:]
    /// Called when the bus has gone away.
    var onDisconnect: (() -> Void)?

    /// Publishes a simulation and takes the name.
    ///
    /// - Parameters:
    ///   - simulation: The drives.
    ///   - standIn: The stand-in for mctpd, when there is one.
    ///   - bus: The bus.
    /// - Throws: `DBusError` when there is no bus or another simulator has the name.
    public init(
        simulation: SimulatedNetwork,
        standIn: MctpdStandIn?,
        bus: BusAddress
    ) async throws(DBusError) {
        self.simulation = simulation
        self.standIn = standIn
        connection = try Connection.open(bus)
        simulation.addObserver(self)
        connection.onDisconnect = { [weak self] in self?.onDisconnect?() }
        connection.objects.addObjectManager(at: Self.path)
        try connection.objects.add(Self.path, [Self.interface.bound(to: self)])
        for drive in simulation.drives { driveWasPlugged(drive) }
        try await connection.requestName(Self.service)
    }

    /// Leaves the bus.
    public func close() {
        connection.close()
    }

    /// Paths of the drives in the order of their numbers.
    var drivePaths: [ObjectPath] {
        drives.values.sorted { $0.drive.number < $1.drive.number }.map(\.path)
    }

    private func plug(_ description: VariantDictionary) throws -> ObjectPath {
        let entry = try DescriptionFile.Entry(description, number: Int(simulation.nextNumber))
        let drive = try simulation.plug(entry.drive, faults: entry.faults)
        return try ControlledDrive.path(of: drive)
    }

    private func pull(_ path: ObjectPath) throws(DBusError) {
        guard let drive = drives[path] else { throw .invalidArgs("there is no drive \(path)") }
        simulation.pull(drive.drive)
    }

    private func swap(
        _ path: ObjectPath,
        _ description: VariantDictionary,
        _ keepsIdentifiers: Bool
    ) throws -> ObjectPath {
        guard let drive = drives[path] else {
            throw DBusError.invalidArgs("there is no drive \(path)")
        }
        let entry = try DescriptionFile.Entry(description, number: Int(simulation.nextNumber))
        guard entry.drive.endpointIdentifiers.isEmpty, entry.drive.network == nil else {
            throw DBusError.invalidArgs("the drive gets the addresses of the other one")
        }
        let successor = try simulation.swap(
            drive.drive,
            for: entry.drive,
            faults: entry.faults,
            keepsIdentifiers: keepsIdentifiers
        )
        return try ControlledDrive.path(of: successor)
    }

    private func refuse(_ members: [String]) throws(DBusError) {
        var refusals: Set<MctpdMember> = []
        for name in members {
            guard let member = MctpdMember(rawValue: name) else {
                let known = MctpdMember.allCases.map(\.rawValue).joined(separator: ", ")
                throw .invalidArgs("'\(name)' is not one of \(known)")
            }
            refusals.insert(member)
        }
        try requireStandIn().refusals = refusals
    }

    private func requireStandIn() throws(DBusError) -> MctpdStandIn {
        guard let standIn else { throw .notSupported("the simulator does not stand in for mctpd") }
        return standIn
    }

    static let interface = Interface<ControlInterface>(
        interfaceName,
        documentation: """
            The simulator.

            Keys of Plug are those of a drive section of a description file, and: `model`, \
            `description` (the text of a whole file with one drive), `fault` (s) and `faults` (as), \
            each fault in the form NAME,option=value,….
            """
    ) {
        Property("Drives", "Paths of the drives.", .emitsChange) {
            (control: ControlInterface) in control.drivePaths
        }
        Property("Models", "Names of the built-in models with a summary of each.", .constant) {
            (_: ControlInterface) in
            Dictionary(
                uniqueKeysWithValues: DriveDescription.models.map { ($0.name, $0.summary) }
            )
        }
        Property("Faults", "Names of the faults with a summary of each.", .constant) {
            (_: ControlInterface) in
            Dictionary(
                uniqueKeysWithValues: Fault.Kind.allCases.map { ($0.rawValue, $0.summary) }
            )
        }
        Property("MctpdRunning", "Whether the stand-in for mctpd is on the bus.", .emitsChange) {
            (control: ControlInterface) in control.standIn?.isRunning ?? false
        }
        Method<ControlInterface>.immediate(
            "Plug",
            "Plugs a drive in.",
            in: ["description"],
            out: ["drive"]
        ) {
            (
                control: ControlInterface,
                _: Invocation,
                description: VariantDictionary
            ) throws
                -> ObjectPath in
            try explained { try control.plug(description) }
        }
        Method<ControlInterface>.immediate("Pull", "Pulls a drive out.", in: ["drive"]) {
            (control: ControlInterface, _: Invocation, path: ObjectPath) throws in
            try control.pull(path)
        }
        Method<ControlInterface>.immediate(
            "Swap",
            """
            Puts another drive in the place of one, at the same addresses; the MCTP daemon does not \
            notice.

            The description is as for Plug, without `eid` and `network`. If `addressed`, the other \
            drive has the endpoint identifiers already; otherwise it is silent until it gets them.
            """,
            in: ["drive", "description", "addressed"],
            out: ["successor"]
        ) {
            (
                control: ControlInterface,
                _: Invocation,
                path: ObjectPath,
                description: VariantDictionary,
                keepsIdentifiers: Bool
            ) throws
                -> ObjectPath in
            try explained { try control.swap(path, description, keepsIdentifiers) }
        }
        Method<ControlInterface>.immediate(
            "StallCarrier",
            """
            Has nothing that is sent to the drives read for some time, and nothing of theirs passed \
            on; whoever sends meets a full buffer.
            """,
            in: ["milliseconds"]
        ) { (control: ControlInterface, _: Invocation, milliseconds: UInt32) in
            control.simulation.stallCarrier(for: .milliseconds(Int64(milliseconds)))
        }
        Method<ControlInterface>.immediate(
            "StopMctpd",
            "Has the stand-in for mctpd leave the bus without a word."
        ) { (control: ControlInterface, _: Invocation) throws in
            try control.requireStandIn().stop()
            control.changed(["MctpdRunning"])
        }
        Method("StartMctpd", "Has the stand-in for mctpd return to the bus.") {
            (control: ControlInterface, _: Invocation) async throws in
            try await control.requireStandIn().start()
            control.changed(["MctpdRunning"])
        }
        Method(
            "StartMctpdEmpty",
            """
            Has the stand-in for mctpd return without endpoints and find one more every so many \
            milliseconds.
            """,
            in: ["milliseconds"]
        ) { (control: ControlInterface, _: Invocation, milliseconds: UInt32) async throws in
            try await control.requireStandIn()
                .start(findingOneEvery: .milliseconds(Int64(milliseconds)))
            control.changed(["MctpdRunning"])
        }
        Method<ControlInterface>.immediate(
            "SetMctpdRefusals",
            """
            Has the stand-in for mctpd deny access to these members, and to no others.

            Members: \(MctpdMember.allCases.map(\.rawValue).joined(separator: ", ")).
            """,
            in: ["members"]
        ) { (control: ControlInterface, _: Invocation, members: [String]) throws in
            try control.refuse(members)
        }
        Method<ControlInterface>.immediate(
            "GetMctpdCalls",
            """
            What was asked of an endpoint of the stand-in for mctpd.

            Recover, SetMTU and Remove are the numbers of calls (t) since the simulator began, those \
            that were refused included; MTU (u) is that of the route, while there is one.
            """,
            in: ["network", "eid"],
            out: ["calls"]
        ) {
            (
                control: ControlInterface,
                _: Invocation,
                network: UInt32,
                identifier: UInt8
            ) throws
                -> VariantDictionary in
            try control.requireStandIn().calls(to: identifier, on: network)
        }
    }

    private func changed(_ properties: [MemberName]) {
        connection.objects.propertiesChanged(
            Self.path,
            interface: Self.interfaceName,
            properties
        )
    }
}

extension ControlInterface: NetworkObserver {
    func driveWasPlugged(_ drive: SimulatedDrive) {
        guard let object = try? ControlledDrive(drive) else { return }
        drives[object.path] = object
        try? connection.objects.add(object.path, [ControlledDrive.interface.bound(to: object)])
        drive.onChange = { [weak self, weak object] in
            guard let self, let object else { return }
            connection.objects.propertiesChanged(
                object.path,
                interface: ControlledDrive.interfaceName,
                ControlledDrive.changingProperties
            )
        }
        changed(["Drives"])
    }

    func driveWasSwapped(_ drive: SimulatedDrive, for successor: SimulatedDrive) {
        driveWillBePulled(drive)
        driveWasPlugged(successor)
    }

    func driveWillBePulled(_ drive: SimulatedDrive) {
        guard let path = drives.first(where: { $0.value.drive === drive })?.key else { return }
        drives[path] = nil
        drive.onChange = nil
        connection.objects.remove(path)
        changed(["Drives"])
    }
}

/// Tells a caller on the bus what is wrong with a description.
@LoopActor
private func explained(_ body: () throws -> ObjectPath) throws -> ObjectPath {
    do {
        return try body()
    } catch let error as DBusError {
        throw error
    } catch {
        throw DBusError.invalidArgs("\(error)")
    }
}
