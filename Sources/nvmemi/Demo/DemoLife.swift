import DBus
import EventLoop
import Glibc

/// What happens to the drives of the demo by itself, so that there is something to see.
///
/// They warm up and cool down, the second more than it should; the third is worn; the last is pulled once a minute and
/// comes back.
@LoopActor
final class DemoLife {
    private static let simulator: BusName = "xyz.openbmc_project.NVMeMI.Simulator"
    private static let root = "/xyz/openbmc_project/nvme_mi/simulator"
    private static let step = Duration.seconds(2)
    private static let timeLimit = Duration.seconds(10)

    /// A drive as it was plugged in.
    private struct Drive {
        var path: String
        let model: String
        let serialNumber: String
        let temperature: Int
        /// The temperature as it was made last, and whether it was another then: changed by hand, and left alone.
        var made: Int?
        var isByHand = false
    }

    private let connection: Connection
    private var drives: [Drive]
    private var isLastPulled = false

    /// Nothing happens before ``run()``; drives are given as model and temperature of each, in their order.
    init(on connection: Connection, drives: [(model: String, temperature: Int)]) {
        self.connection = connection
        self.drives = drives.enumerated().map { index, drive in
            let digits = "\(index + 1)"
            return Drive(
                path: "\(Self.root)/drives/\(index + 1)",
                model: drive.model,
                serialNumber: "SIM" + String(repeating: "0", count: 8 - digits.count) + digits,
                temperature: drive.temperature
            )
        }
    }

    /// Lives until it is cancelled.
    func run() async throws {
        if drives.count > 2 {
            try await call(drives[2].path, "SimulatedDrive1", "SetPercentageUsed", UInt8(96))
            try await call(drives[2].path, "SimulatedDrive1", "SetAvailableSpare", UInt8(8))
        }
        var time = 0
        while true {
            try await sleep(for: Self.step)
            time += 2
            try await warm(at: time)
            if drives.count > 1, time % 60 == 30 { try await pullLast() }
            if isLastPulled, time % 60 == 50 { try await plugLast() }
        }
    }

    /// Temperatures go up and down, each drive at its own pace.
    private func warm(at time: Int) async throws {
        for (index, drive) in drives.enumerated()
        where !drive.isByHand && !(isLastPulled && index == drives.count - 1) {
            guard let present = try await temperature(of: drive.path),
                drive.made == nil || drive.made == present
            else {
                drives[index].isByHand = true
                continue
            }
            let height = index == 1 ? 46.0 : 8.0
            let pace = Double(40 + index * 14)
            let swing = (1 - cos(Double(time) * 2 * .pi / pace)) / 2
            let celsius = drive.temperature + Int(height * swing)
            try await call(
                drive.path,
                "SimulatedDrive1",
                "SetTemperature",
                Int16(clamping: celsius)
            )
            drives[index].made = celsius
        }
    }

    /// Degrees Celsius; nil for one that is not there any more.
    private func temperature(of path: String) async throws -> Int? {
        let reply = try? await connection.call(
            destination: Self.simulator,
            path: ObjectPath(path),
            interface: "org.freedesktop.DBus.Properties",
            member: "Get",
            argumentList: ["\(Client.busName).SimulatedDrive1", "Temperature"],
            timeout: Self.timeLimit
        )
        try Task.checkCancellation()
        return (try? reply?.read(Variant.self))?.value.decode(Int16.self).map(Int.init)
    }

    private func pullLast() async throws {
        guard let drive = drives.last, !drive.isByHand else { return }
        let path = drive.path
        isLastPulled = true
        try await call(Self.root, "Simulator1", "Pull", try ObjectPath(path))
    }

    private func plugLast() async throws {
        guard let drive = drives.last else { return }
        var description = VariantDictionary()
        description.set("model", drive.model)
        description.set("serial-number", drive.serialNumber)
        description.set("temperature", Int32(drive.temperature))
        let reply = try await call(Self.root, "Simulator1", "Plug", description)
        drives[drives.count - 1].path = try reply.read(ObjectPath.self).string
        drives[drives.count - 1].made = nil
        isLastPulled = false
    }

    @discardableResult
    private func call(
        _ path: String,
        _ interface: String,
        _ member: MemberName,
        _ argument: any DBusType
    ) async throws -> Message {
        try await connection.call(
            destination: Self.simulator,
            path: ObjectPath(path),
            interface: InterfaceName("\(Client.busName).\(interface)"),
            member: member,
            argumentList: [argument],
            timeout: Self.timeLimit
        )
    }
}
