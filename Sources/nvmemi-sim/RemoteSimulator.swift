internal import DBus
internal import EventLoop
internal import Glibc
internal import NVMeMISimulator

/// A running simulator as its clients see it.
@LoopActor
final class RemoteSimulator {
    private static let interface: InterfaceName = "xyz.openbmc_project.NVMeMI.Simulator1"
    private static let driveInterface: InterfaceName = "xyz.openbmc_project.NVMeMI.SimulatedDrive1"
    private static let timeLimit: Duration = .seconds(10)

    private let connection: Connection

    /// Connects to a bus: the one that is named, else that of NVMEMI_BUS, else the system's.
    init(bus: String?) throws(DBusError) {
        let variable = getenv("NVMEMI_BUS").map { String(cString: $0) }
        switch bus ?? variable.flatMap({ $0.isEmpty ? nil : $0 }) ?? "system" {
        case "system": connection = try Connection.open(.system)
        case "session": connection = try Connection.open(.session)
        case let address: connection = try Connection.open(.address(address))
        }
    }

    func close() { connection.close() }

    private struct Entry {
        let path: ObjectPath
        let values: VariantDictionary

        func text(_ name: String) -> String { values[name]?.decode(String.self) ?? "" }
        func byte(_ name: String) -> String {
            values[name]?.decode(UInt8.self).map { "\($0)" } ?? "-"
        }
        var number: String { path.string.split(separator: "/").last.map(String.init) ?? "" }
        var endpoints: [(network: UInt32, endpoint: UInt8)] {
            (values["Endpoints"]?.decode([Structure<UInt32, UInt8>].self) ?? []).map { $0.members }
        }
    }

    private func drives() async throws -> [Entry] {
        let reply = try await connection.call(
            destination: ControlInterface.service,
            path: ControlInterface.path,
            interface: "org.freedesktop.DBus.ObjectManager",
            member: "GetManagedObjects",
            timeout: Self.timeLimit
        )
        return try reply.read([ObjectPath: [String: VariantDictionary]].self)
            .compactMap { path, interfaces in
                interfaces["\(Self.driveInterface)"].map { Entry(path: path, values: $0) }
            }
            .sorted { (Int($0.number) ?? 0) < (Int($1.number) ?? 0) }
    }

    /// The path of the drive that a person means: by number, serial number or endpoint ID.
    func drive(_ name: String) async throws -> ObjectPath {
        let drives = try await drives()
        let found =
            drives.first { $0.text("SerialNumber") == name }
            ?? drives.first { $0.number == name }
            ?? drives.first { drive in
                drive.endpoints.contains {
                    "\($0.endpoint)" == name || "\($0.network):\($0.endpoint)" == name
                }
            }
        if let found { return found.path }
        let known = drives.map { "\($0.number) (\($0.text("SerialNumber")))" }
        throw Failure(
            .noDrive,
            "there is no drive “\(name)”; there are "
                + (known.isEmpty ? "none" : known.joined(separator: ", "))
        )
    }

    /// All drives, a line each.
    func list() async throws -> String {
        let rows = try await drives().map { drive in
            [
                drive.number, drive.text("SerialNumber"),
                drive.endpoints.map { "\($0.network):\($0.endpoint)" }.joined(separator: ","),
                drive.values["Temperature"]?.decode(Int16.self).map { "\($0) C" } ?? "-",
                drive.byte("PercentageUsed") + " %", drive.byte("AvailableSpare") + " %",
                drive.byte("CriticalWarning"),
                (drive.values["ActiveFaults"]?.decode([String].self) ?? []).joined(separator: ","),
            ]
        }
        let titles = [
            "NUMBER", "SERIAL", "ENDPOINT", "TEMP", "WEAR", "SPARE", "WARNINGS", "FAULTS",
        ]
        let all = [titles] + rows
        let widths = titles.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            let cells = zip(row, widths).map { text, width in
                text + String(repeating: " ", count: width - text.count)
            }
            var line = cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }

    func plug(model: String) async throws -> String {
        var description = VariantDictionary()
        description.set("model", model)
        let reply = try await connection.call(
            destination: ControlInterface.service,
            path: ControlInterface.path,
            interface: Self.interface,
            member: "Plug",
            arguments: description,
            timeout: Self.timeLimit
        )
        return try reply.read(ObjectPath.self).string
    }

    func pull(_ path: ObjectPath) async throws {
        _ = try await connection.call(
            destination: ControlInterface.service,
            path: ControlInterface.path,
            interface: Self.interface,
            member: "Pull",
            arguments: path,
            timeout: Self.timeLimit
        )
    }

    func call(_ path: ObjectPath, _ member: MemberName, _ arguments: any DBusType...) async throws {
        _ = try await connection.call(
            destination: ControlInterface.service,
            path: path,
            interface: Self.driveInterface,
            member: member,
            argumentList: arguments,
            timeout: Self.timeLimit
        )
    }
}
