import DBus
import EventLoop
import NVMeMIDevice
import TestSupport
import XCTest

@testable import NVMeMISimulator

/// The stand-in for mctpd as a client of mctpd sees it.
final class MctpdStandInTests: XCTestCase {
    private func onBus(
        drives: Int = 1,
        _ body:
            @escaping @LoopActor @Sendable (SimulatedNetwork, MctpdStandIn, Client) async throws
            -> Void
    ) throws {
        let bus = try TestBus()
        try runLoop {
            let network = SimulatedNetwork()
            for number in 0..<drives { try network.plug(DriveDescription().individual(number)) }
            var options = MctpdStandIn.Options(bus: .address(bus.address))
            options.recoverInterval = .milliseconds(20)
            let standIn = MctpdStandIn(simulation: network, options: options)
            let client = try await Client(bus.connect(), address: bus.address)
            try await standIn.start()
            defer {
                standIn.stop()
                client.connection.close()
            }
            // Signals of the start are before the reply, so that none comes after this.
            _ = try await client.managedObjects()
            client.forget()
            try await body(network, standIn, client)
        }
    }

    func testManagedObjects() throws {
        try onBus(drives: 2) { network, _, client in
            let objects = try await client.managedObjects()
            XCTAssertEqual(
                objects.keys.map(\.string).sorted(),
                [
                    "/au/com/codeconstruct/mctp1/networks/1",
                    "/au/com/codeconstruct/mctp1/networks/1/endpoints/10",
                    "/au/com/codeconstruct/mctp1/networks/1/endpoints/8",
                    "/au/com/codeconstruct/mctp1/networks/1/endpoints/9",
                ]
            )
            let endpoint = try XCTUnwrap(objects[Client.endpoint(10)])
            let properties = try XCTUnwrap(endpoint["xyz.openbmc_project.MCTP.Endpoint"])
            XCTAssertEqual(properties["EID"], .byte(10))
            XCTAssertEqual(properties["NetworkId"], .uint32(1))
            XCTAssertEqual(properties["SupportedMessageTypes"]?.decode([UInt8].self), [0, 4])
            XCTAssertEqual(properties["VendorDefinedMessageTypes"]?.signature.string, "a(yvq)")
            XCTAssertEqual(
                endpoint["xyz.openbmc_project.Common.UUID"]?["UUID"],
                .string(network.drives[1].device.description.uuid.description)
            )
            XCTAssertEqual(
                endpoint["au.com.codeconstruct.MCTP.Endpoint1"]?["Connectivity"],
                .string("Available")
            )
            let own = try XCTUnwrap(objects[Client.endpoint(8)])
            XCTAssertEqual(
                own["xyz.openbmc_project.MCTP.Endpoint"]?["SupportedMessageTypes"]?
                    .decode([UInt8].self),
                [0]
            )
            XCTAssertNil(own["au.com.codeconstruct.MCTP.Endpoint1"])
            XCTAssertEqual(
                objects["/au/com/codeconstruct/mctp1/networks/1"]?[
                    "au.com.codeconstruct.MCTP.Network1"
                ]?["LocalEIDs"]?.decode([UInt8].self),
                [8]
            )
        }
    }

    func testRootAndItsOwnUserAreLetIn() {
        XCTAssertTrue(MctpdRights.admit(0, to: 0))
        XCTAssertTrue(MctpdRights.admit(0, to: 990))
        XCTAssertTrue(MctpdRights.admit(990, to: 990))
        XCTAssertFalse(MctpdRights.admit(991, to: 990))
        XCTAssertFalse(MctpdRights.admit(990, to: 0))
        // Whom the bus does not know.
        XCTAssertFalse(MctpdRights.admit(nil, to: 0))
        XCTAssertEqual(
            MctpdRights.refusal(of: "Recover", "au.com.codeconstruct.MCTP.Endpoint1").description,
            "org.freedesktop.DBus.Error.AccessDenied: "
                + "Access to au.com.codeconstruct.MCTP.Endpoint1.Recover() not permitted."
        )
    }

    func testEndpointWithoutUUID() throws {
        try onBus(drives: 0) { network, _, client in
            var description = DriveDescription()
            description.answersEndpointUUID = false
            try network.plug(description)
            let objects = try await client.managedObjects()
            let endpoint = try XCTUnwrap(objects[Client.endpoint(9)])
            XCTAssertEqual(
                endpoint.keys.sorted(),
                [
                    "au.com.codeconstruct.MCTP.Endpoint1", "xyz.openbmc_project.MCTP.Endpoint",
                ]
            )
        }
    }

    func testPlugAndPull() throws {
        try onBus { network, _, client in
            let drive = try network.plug(DriveDescription().individual(7))
            try await until { client.added == [Client.endpoint(10)] }
            network.pull(drive)
            try await until { client.removed == [Client.endpoint(10)] }
        }
    }

    func testDegradedAndAvailable() throws {
        try onBus { network, _, client in
            network.drives[0].setConnected(false)
            try await until { client.connectivity == ["Degraded"] }
            network.drives[0].setConnected(true)
            try await until { client.connectivity == ["Degraded", "Available"] }
        }
    }

    func testRecoverOfADriveThatWasReset() throws {
        try onBus { network, _, client in
            let endpoint = network.drives[0].endpoints[0]
            network.drives[0].reset()
            XCTAssertFalse(endpoint.isAssigned)
            try await client.call("Recover")
            try await until { client.connectivity == ["Degraded", "Available"] }
            XCTAssertTrue(endpoint.isAssigned)
        }
    }

    func testRecoverOfADriveThatIsGone() throws {
        try onBus { network, _, client in
            network.drives[0].setConnected(false)
            try await client.call("Recover")
            try await until { client.removed == [Client.endpoint(9)] }
            // What comes back is set up again.
            network.drives[0].setConnected(true)
            try await until { client.added == [Client.endpoint(9)] }
        }
    }

    func testInterruptionIsNotNoticed() throws {
        try onBus { network, _, client in
            network.drives[0].interrupt(for: .milliseconds(30))
            _ = try await client.managedObjects()
            XCTAssertEqual(client.connectivity, [])
            // Unless somebody asks: two of three polls are 20 and 40 ms later.
            try await client.call("Recover")
            try await until { client.connectivity == ["Degraded", "Available"] }
            network.drives[0].interrupt(for: .seconds(3_600))
            try await client.call("Recover")
            try await until { client.removed == [Client.endpoint(9)] }
        }
    }

    func testRecoverOfADriveThatTakesItsTime() throws {
        try onBus(drives: 0) { network, _, client in
            var description = DriveDescription()
            description.resetTime = 30
            let drive = try network.plug(description)
            drive.reset()
            try await client.call("Recover")
            try await until { client.connectivity == ["Degraded", "Available"] }
            XCTAssertTrue(drive.endpoints[0].isAssigned)
        }
    }

    func testRecoverOfAResetDriveThatNobodyCanTell() throws {
        for uuid in [nil, "00000000-0000-0000-0000-000000000000"] {
            try onBus(drives: 0) { network, _, client in
                var description = DriveDescription()
                description.answersEndpointUUID = uuid != nil
                description.endpointUUID = uuid.flatMap(DeviceUUID.init)
                let drive = try network.plug(description)
                _ = try await client.managedObjects()
                client.forget()
                // Nothing happened to it, so there is no need to tell it from others.
                try await client.call("Recover")
                try await until { client.connectivity == ["Degraded", "Available"] }
                drive.reset()
                try await client.call("Recover")
                try await until { client.added == [Client.endpoint(9)] }
                XCTAssertEqual(client.removed, [Client.endpoint(9)])
                XCTAssertTrue(drive.endpoints[0].isAssigned)
            }
        }
    }

    func testSwapIsNotNoticed() throws {
        try onBus { network, _, client in
            let other = DriveDescription().individual(7)
            try network.swap(network.drives[0], for: other, keepsIdentifiers: true)
            let objects = try await client.managedObjects()
            // It says of the one what it said of the other.
            XCTAssertEqual(
                objects[Client.endpoint(9)]?["xyz.openbmc_project.Common.UUID"]?["UUID"],
                .string(DriveDescription().individual(0).uuid.description)
            )
            try await client.call("Recover")
            try await until { client.connectivity == ["Degraded", "Available"] }
            XCTAssertEqual(client.added + client.removed, [])
            // Without an identifier it is found out, and published as what it is.
            try network.swap(
                network.drives[0],
                for: DriveDescription().individual(8),
                keepsIdentifiers: false
            )
            try await client.call("Recover")
            try await until { client.added == [Client.endpoint(9)] }
            XCTAssertEqual(client.removed, [Client.endpoint(9)])
            let now = try await client.managedObjects()
            XCTAssertEqual(
                now[Client.endpoint(9)]?["xyz.openbmc_project.Common.UUID"]?["UUID"],
                .string(DriveDescription().individual(8).uuid.description)
            )
            network.pull(network.drives[0])
            try await until { client.removed.count == 2 }
        }
    }

    func testChangedIdentifier() throws {
        try onBus { network, _, client in
            try network.changeIdentifier(of: network.drives[0].endpoints[0], to: 77)
            try await until { client.added == [Client.endpoint(77)] }
            XCTAssertEqual(client.removed, [Client.endpoint(9)])
        }
    }

    func testReturnWithoutEndpoints() throws {
        try onBus(drives: 3) { network, standIn, client in
            standIn.stop()
            try await standIn.start(findingOneEvery: .milliseconds(200))
            let objects = try await client.managedObjects()
            XCTAssertEqual(
                objects.keys.map(\.string).sorted(),
                [
                    "/au/com/codeconstruct/mctp1/networks/1",
                    "/au/com/codeconstruct/mctp1/networks/1/endpoints/8",
                ]
            )
            // One is gone before it is found.
            network.pull(network.drives[1])
            client.forget()
            try await until { client.added.count == 2 }
            XCTAssertEqual(client.added, [Client.endpoint(9), Client.endpoint(11)])
        }
    }

    func testRefusalsAndCounts() throws {
        try onBus { _, standIn, client in
            standIn.refusals = [.recover, .setMTU]
            for _ in 0..<2 {
                do throws(DBusError) {
                    try await client.call("Recover")
                    XCTFail("it is refused")
                } catch {
                    XCTAssertTrue(error.isStandard("AccessDenied"), "\(error)")
                }
            }
            do throws(DBusError) {
                try await client.setMTU(100)
                XCTFail("it is refused")
            } catch {
                XCTAssertTrue(error.isStandard("AccessDenied"), "\(error)")
            }
            var calls = try standIn.calls(to: 9, on: 1)
            XCTAssertEqual(calls["Recover"], .uint64(2))
            XCTAssertEqual(calls["SetMTU"], .uint64(1))
            XCTAssertEqual(calls["Remove"], .uint64(0))
            XCTAssertEqual(calls["MTU"], .uint32(68))
            XCTAssertEqual(client.connectivity, [])
            standIn.refusals = []
            try await client.setMTU(100)
            try await client.call("Remove")
            calls = try standIn.calls(to: 9, on: 1)
            XCTAssertEqual(calls["SetMTU"], .uint64(2))
            XCTAssertEqual(calls["Remove"], .uint64(1))
            XCTAssertNil(calls["MTU"])
        }
    }

    func testRemoveAndLearn() throws {
        try onBus { _, _, client in
            try await client.call("Remove")
            try await until { client.removed == [Client.endpoint(9)] }
            let reply = try await client.learn(9)
            XCTAssertEqual(reply.0, Client.endpoint(9).string)
            XCTAssertTrue(reply.1)
            let again = try await client.learn(9)
            XCTAssertFalse(again.1)
            do throws(DBusError) {
                _ = try await client.learn(99)
                XCTFail("there is no endpoint 99")
            } catch {
                XCTAssertEqual(error.message, "MCTP Endpoint did not respond")
            }
        }
    }

    func testSetMTU() throws {
        try onBus { _, _, client in
            try await client.setMTU(68)
            try await client.setMTU(254)
            for mtu in [0, 67, 255] as [UInt32] {
                do throws(DBusError) {
                    try await client.setMTU(mtu)
                    XCTFail("\(mtu) is not in range")
                } catch {
                    XCTAssertTrue(error.isStandard("InvalidArgs"), "\(error)")
                }
            }
        }
    }

    func testSetMTUOfASerialLine() throws {
        try onBus { network, _, client in
            network.drives[0].endpoints[0].terminal = "/dev/pts/9"
            try await client.setMTU(68)
            do throws(DBusError) {
                try await client.setMTU(69)
                XCTFail("packets of a serial line have one size")
            } catch {
                XCTAssertTrue(error.isStandard("InvalidArgs"), "\(error)")
            }
        }
    }

    func testVanishAndReturn() throws {
        try onBus { network, standIn, client in
            var owners: [Bool] = []
            try await client.connection.watchName(
                "au.com.codeconstruct.MCTP1",
                appeared: { _ in owners.append(true) },
                vanished: { owners.append(false) }
            )
            standIn.stop()
            XCTAssertFalse(standIn.isRunning)
            try await until { owners == [true, false] }
            // Drives come and go meanwhile.
            try network.plug(DriveDescription().individual(3))
            try await standIn.start()
            try await until { owners == [true, false, true] }
            let objects = try await client.managedObjects()
            XCTAssertNotNil(objects[Client.endpoint(10)])
            XCTAssertEqual(client.removed, [])
        }
    }

    func testDriveThatWasResetMeanwhileIsSetUpAgain() throws {
        try onBus(drives: 2) { network, standIn, client in
            standIn.stop()
            network.drives[0].reset()
            network.drives[1].setConnected(false)
            XCTAssertFalse(network.drives[0].endpoints[0].isAssigned)
            try await standIn.start()
            XCTAssertTrue(network.drives[0].endpoints[0].isAssigned)
            let objects = try await client.managedObjects()
            XCTAssertNotNil(objects[Client.endpoint(9)])
            XCTAssertNil(objects[Client.endpoint(10)])
        }
    }

    func testNameThatIsTaken() throws {
        try onBus { network, standIn, client in
            let other = MctpdStandIn(
                simulation: network,
                options: .init(bus: .address(client.address))
            )
            do throws(DBusError) {
                try await other.start()
                XCTFail("the name is taken")
            } catch {
                XCTAssertTrue(error.isStandard("FileExists"), "\(error)")
            }
            XCTAssertFalse(other.isRunning)
            XCTAssertTrue(standIn.isRunning)
        }
    }
}

/// A client of mctpd that keeps what it was told.
@LoopActor
private final class Client {
    let connection: Connection
    let address: String
    private(set) var added: [ObjectPath] = []
    private(set) var removed: [ObjectPath] = []
    private(set) var connectivity: [String] = []

    private static let service: BusName = "au.com.codeconstruct.MCTP1"
    private static let root: ObjectPath = "/au/com/codeconstruct/mctp1"
    private static let manager: InterfaceName = "org.freedesktop.DBus.ObjectManager"

    init(_ connection: Connection, address: String = "") async throws {
        self.connection = connection
        self.address = address
        try await connection.subscribe(
            MatchRule(interface: Self.manager, member: "InterfacesAdded")
        ) { message in
            let arguments = (try? message.arguments()) ?? []
            if case .objectPath(let path)? = arguments.first { self.added.append(path) }
        }
        try await connection.subscribe(
            MatchRule(interface: Self.manager, member: "InterfacesRemoved")
        ) { message in
            let arguments = (try? message.arguments()) ?? []
            if case .objectPath(let path)? = arguments.first { self.removed.append(path) }
        }
        try await connection.subscribe(
            MatchRule(
                interface: "org.freedesktop.DBus.Properties",
                member: "PropertiesChanged"
            )
        ) { message in
            let changes = try? message.read(String.self, VariantDictionary.self, [String].self)
            if case .string(let text)? = changes?.1["Connectivity"] {
                self.connectivity.append(text)
            }
        }
    }

    func forget() {
        (added, removed, connectivity) = ([], [], [])
    }

    static func endpoint(_ identifier: UInt8) -> ObjectPath {
        (try? ObjectPath("\(root)/networks/1/endpoints/\(identifier)")) ?? .root
    }

    func managedObjects() async throws(DBusError) -> [ObjectPath: [String: VariantDictionary]] {
        let reply = try await connection.call(
            destination: Self.service,
            path: Self.root,
            interface: Self.manager,
            member: "GetManagedObjects"
        )
        return try reply.read([ObjectPath: [String: VariantDictionary]].self)
    }

    func call(_ member: MemberName) async throws(DBusError) {
        _ = try await connection.call(
            destination: Self.service,
            path: Self.endpoint(9),
            interface: "au.com.codeconstruct.MCTP.Endpoint1",
            member: member
        )
    }

    func setMTU(_ mtu: UInt32) async throws(DBusError) {
        _ = try await connection.call(
            destination: Self.service,
            path: Self.endpoint(9),
            interface: "au.com.codeconstruct.MCTP.Endpoint1",
            member: "SetMTU",
            arguments: mtu
        )
    }

    func learn(_ identifier: UInt8) async throws(DBusError) -> (String, Bool) {
        let reply = try await connection.call(
            destination: Self.service,
            path: "/au/com/codeconstruct/mctp1/networks/1",
            interface: "au.com.codeconstruct.MCTP.Network1",
            member: "LearnEndpoint",
            arguments: identifier
        )
        return try reply.read(String.self, Bool.self)
    }
}
