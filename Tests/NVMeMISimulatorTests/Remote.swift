import DBus
import EventLoop

/// The simulator from the other end of the bus.
@LoopActor
struct Remote {
    static let service: BusName = "xyz.openbmc_project.NVMeMI.Simulator"
    static let root: ObjectPath = "/xyz/openbmc_project/nvme_mi/simulator"
    static let drive: ObjectPath = "/xyz/openbmc_project/nvme_mi/simulator/drives/1"
    static let interface: InterfaceName = "xyz.openbmc_project.NVMeMI.Simulator1"
    static let driveInterface: InterfaceName = "xyz.openbmc_project.NVMeMI.SimulatedDrive1"

    let connection: Connection

    init(_ connection: Connection) {
        self.connection = connection
    }

    func drives() async throws(DBusError) -> [ObjectPath] {
        try await get("Drives", [ObjectPath].self, of: Self.root, Self.interface)
    }

    func plug(_ description: VariantDictionary) async throws(DBusError) -> ObjectPath {
        let reply = try await connection.call(
            destination: Self.service,
            path: Self.root,
            interface: Self.interface,
            member: "Plug",
            arguments: description
        )
        return try reply.read(ObjectPath.self)
    }

    func swap(
        _ drive: ObjectPath,
        _ description: VariantDictionary,
        addressed: Bool = true
    ) async throws(DBusError) -> ObjectPath {
        let reply = try await connection.call(
            destination: Self.service,
            path: Self.root,
            interface: Self.interface,
            member: "Swap",
            arguments: drive,
            description,
            addressed
        )
        return try reply.read(ObjectPath.self)
    }

    func call(_ member: MemberName) async throws(DBusError) {
        _ = try await connection.call(
            destination: Self.service,
            path: Self.root,
            interface: Self.interface,
            member: member
        )
    }

    func call(_ member: MemberName, _ argument: any DBusType) async throws(DBusError) {
        _ = try await connection.call(
            destination: Self.service,
            path: Self.root,
            interface: Self.interface,
            member: member,
            arguments: argument
        )
    }

    func change(_ member: MemberName) async throws(DBusError) {
        _ = try await connection.call(
            destination: Self.service,
            path: Self.drive,
            interface: Self.driveInterface,
            member: member
        )
    }

    func change(_ member: MemberName, _ argument: any DBusType) async throws(DBusError) {
        _ = try await connection.call(
            destination: Self.service,
            path: Self.drive,
            interface: Self.driveInterface,
            member: member,
            arguments: argument
        )
    }

    func change(
        _ member: MemberName,
        _ first: any DBusType,
        _ second: any DBusType
    ) async throws(DBusError) {
        _ = try await connection.call(
            destination: Self.service,
            path: Self.drive,
            interface: Self.driveInterface,
            member: member,
            arguments: first,
            second
        )
    }

    func get<T: DBusType>(
        _ property: String,
        _ type: T.Type,
        of path: ObjectPath,
        _ interface: InterfaceName = driveInterface
    ) async throws(DBusError) -> T {
        let reply = try await connection.call(
            destination: Self.service,
            path: path,
            interface: "org.freedesktop.DBus.Properties",
            member: "Get",
            arguments: interface.string,
            property
        )
        guard let value = try reply.read(Variant.self).value.decode(type) else {
            throw .failed("\(property) is of another type")
        }
        return value
    }
}
