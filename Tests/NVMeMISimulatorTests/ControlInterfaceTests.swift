import DBus
import EventLoop
import NVMeMI
import NVMeMIDevice
import TestSupport
import XCTest

@testable import NVMeMISimulator

/// The simulator's own interface: drives are plugged, changed, spoiled and pulled over the bus.
final class ControlInterfaceTests: XCTestCase {
    private func onBus(
        drives: Int = 1,
        _ body: @escaping @LoopActor @Sendable (Simulator, Remote) async throws -> Void
    ) throws {
        let bus = try TestBus()
        try runLoop {
            var options = Simulator.Options()
            options.bus = .address(bus.address)
            options.standsInForMctpd = true
            options.hasControlInterface = true
            var entry = DescriptionFile.Entry(drive: DriveDescription())
            entry.copies = UInt16(drives)
            let simulator = try await Simulator(options, drives: drives == 0 ? [] : [entry])
            let remote = Remote(try bus.connect())
            defer {
                simulator.close()
                remote.connection.close()
            }
            try await body(simulator, remote)
        }
    }

    func testDrives() throws {
        try onBus(drives: 2) { _, remote in
            let drives = try await remote.drives()
            XCTAssertEqual(drives.map(\.lastElement), ["1", "2"])
            let label = try await remote.get("Label", String.self, of: drives[1])
            XCTAssertEqual(label, "drive 2")
            let serial = try await remote.get("SerialNumber", String.self, of: drives[1])
            XCTAssertEqual(serial, "SIM00000002")
            let endpoints = try await remote.get(
                "Endpoints",
                [Structure<UInt32, UInt8>].self,
                of: drives[1]
            )
            XCTAssertEqual(endpoints, [Structure(1, 10)])
        }
    }

    func testPlug() throws {
        try onBus(drives: 0) { simulator, remote in
            let path = try await remote.plug([
                "model": .string("dual-port"), "label": .string("bay 3"), "eid": .byte(33),
                "temperature": .int16(-4), "percentage-used": .uint64(88),
                "uuid": .string("00112233-4455-6677-8899-aabbccddeeff"),
                "refuses-log-page-offset": .boolean(true),
                "fault": .string("mute,opcode=9"),
                "faults": ["slow,delay-ms=5", "wrong-mic,count=1"].dbusValue,
            ])
            let drive = try XCTUnwrap(simulator.network.drives.first)
            XCTAssertEqual(path.string, "/xyz/openbmc_project/nvme_mi/simulator/drives/1")
            XCTAssertEqual(drive.label, "bay 3")
            XCTAssertEqual(drive.endpoints[0].identifier, 33)
            XCTAssertEqual(drive.device.temperature, -4)
            XCTAssertEqual(drive.device.percentageUsed, 88)
            XCTAssertEqual(drive.device.description.controllers.count, 2)
            XCTAssertTrue(drive.device.description.refusesLogPageOffset)
            XCTAssertEqual(drive.device.activeFaults.map(\.kind), [.mute, .slow, .wrongMIC])
            let drives = try await remote.drives()
            XCTAssertEqual(drives, [path])
        }
    }

    func testPlugOfAWholeDescription() throws {
        try onBus(drives: 0) { simulator, remote in
            _ = try await remote.plug([
                "description": .string(
                    """
                    [drive]
                    serial-number = X1
                    capacity = 1TB
                    [namespace 2]
                    size = 1MiB
                    """
                ),
                "eid": [UInt8(40)].dbusValue,
                "capacity": .string("2TB"),
            ])
            let description = simulator.network.drives[0].device.description
            XCTAssertEqual(description.capacity, 2_000_000_000_000)
            XCTAssertEqual(description.serialNumber, "X1")
            XCTAssertEqual(description.namespaces.count, 2)
        }
    }

    func testDescriptionsThatCannotBePlugged() throws {
        try onBus { simulator, remote in
            for (description, part) in [
                (["model": .string("x")], "there is no model 'x'"),
                (["colour": .string("x")], "there is no key 'colour' here"),
                (["eid": .byte(9)], "endpoint identifier 9 is taken on network 1"),
                (["eid": .byte(7)], "eid: 7 is not in 8…254"),
                (["label": .double(1)], "a value of type d has no meaning here"),
                (["faults": .string("slow")], "faults: expected a list"),
                (["faults": ["odd"].dbusValue], "there is no fault 'odd'"),
                (["description": .string("[drive]\nx = 1")], "line 2: there is no key 'x'"),
                (["description": .string("")], "has 0 drives"),
                (["active-firmware": .byte(3)], "firmware slot 3 is empty"),
            ] as [(VariantDictionary, String)] {
                do throws(DBusError) {
                    _ = try await remote.plug(description)
                    XCTFail(part)
                } catch {
                    XCTAssertTrue(error.isStandard("InvalidArgs"), "\(error)")
                    XCTAssertTrue(error.message.contains(part), "\(error)")
                }
            }
            XCTAssertEqual(simulator.network.drives.count, 1)
        }
    }

    func testPull() throws {
        try onBus(drives: 2) { simulator, remote in
            let drives = try await remote.drives()
            try await remote.call("Pull", drives[0])
            let left = try await remote.drives()
            XCTAssertEqual(left, [drives[1]])
            XCTAssertNil(simulator.network.endpoint(9, on: 1))
            do throws(DBusError) {
                try await remote.call("Pull", drives[0])
                XCTFail("it is gone")
            } catch {
                XCTAssertTrue(error.isStandard("InvalidArgs"), "\(error)")
            }
            // Its identifier is free again, its number is not.
            let path = try await remote.plug([:])
            XCTAssertEqual(path.lastElement, "3")
            XCTAssertNotNil(simulator.network.endpoint(9, on: 1))
        }
    }

    func testConditions() throws {
        try onBus { simulator, remote in
            let drive = simulator.network.drives[0].device
            try await remote.change("SetTemperature", Int16(71))
            try await remote.change("SetPercentageUsed", UInt8(90))
            try await remote.change("SetAvailableSpare", UInt8(4))
            try await remote.change("SetCriticalWarning", UInt8(8))
            XCTAssertEqual(drive.temperature, 71)
            XCTAssertEqual(drive.percentageUsed, 90)
            XCTAssertEqual(drive.availableSpare, 4)
            XCTAssertEqual(drive.criticalWarning, 0x0B)
            let warning = try await remote.get(
                "CriticalWarning",
                UInt8.self,
                of: Remote.drive
            )
            XCTAssertEqual(warning, 0x0B)
            try await remote.change("SetControllerEnabled", UInt16(0), false)
            try await remote.change("SetControllerFatal", UInt16(0), true)
            do throws(DBusError) {
                try await remote.change("SetControllerFatal", UInt16(9), true)
                XCTFail("there is no controller 9")
            } catch {
                XCTAssertTrue(error.isStandard("InvalidArgs"), "\(error)")
            }
            try await remote.change("FailNextSanitize")
        }
    }

    func testChangesAreTold() throws {
        try onBus { simulator, remote in
            var changed: [String: Value] = [:]
            try await remote.connection.subscribe(
                MatchRule(
                    interface: "org.freedesktop.DBus.Properties",
                    member: "PropertiesChanged"
                )
            ) { message in
                let content = try? message.read(
                    String.self,
                    VariantDictionary.self,
                    [String].self
                )
                for (key, value) in content?.1 ?? [:] { changed[key] = value }
            }
            simulator.network.drives[0].device.setTemperature(50, at: 0)
            try await until { changed["Temperature"] == .int16(50) }
            _ = try await remote.plug([:])
            try await until { changed["Drives"]?.decode([ObjectPath].self)?.count == 2 }
        }
    }

    func testFaults() throws {
        try onBus { simulator, remote in
            let drive = simulator.network.drives[0].device
            try await remote.change(
                "SetFault",
                "slow",
                [
                    "category": .string("admin"), "opcode": .byte(6), "count": .int32(2),
                    "delay-ms": .uint32(40),
                ] as VariantDictionary
            )
            XCTAssertEqual(drive.activeFaults.first?.delay, 40)
            XCTAssertEqual(drive.activeFaults.first?.opcode, 6)
            let names = try await remote.get("ActiveFaults", [String].self, of: Remote.drive)
            XCTAssertEqual(names, ["slow"])
            try await remote.change("ClearFaults")
            XCTAssertEqual(drive.activeFaults, [])
            for (name, options) in [
                ("unknown", [:]), ("slow", ["delay": .byte(1)]),
                ("slow", ["count": .string("many")]), ("status", ["status": .uint32(300)]),
            ] as [(String, VariantDictionary)] {
                do throws(DBusError) {
                    try await remote.change("SetFault", name, options)
                    XCTFail(name)
                } catch {
                    XCTAssertTrue(error.isStandard("InvalidArgs"), "\(error)")
                }
            }
        }
    }

    func testStatistics() throws {
        try onBus { simulator, remote in
            let endpoint = simulator.network.drives[0].endpoints[0]
            let nobody = Nobody()
            let route = endpoint.route(to: nobody)
            for _ in 0..<3 {
                endpoint.receive(
                    SubsystemHealthStatusPoll().encode(slot: .zero),
                    from: Requester(route: route)
                )
            }
            endpoint.receive([1, 2, 3], from: Requester(route: route))
            XCTAssertEqual(nobody.messages, 3)
            let reply = try await remote.connection.call(
                destination: Remote.service,
                path: Remote.drive,
                interface: "xyz.openbmc_project.NVMeMI.SimulatedDrive1",
                member: "GetStatistics"
            )
            let statistics = try reply.read(VariantDictionary.self)
            XCTAssertEqual(statistics["Answers"], .uint64(3))
            XCTAssertEqual(statistics["Dropped"], .uint64(1))
            XCTAssertEqual(statistics["Discarded"], .uint64(0))
            XCTAssertEqual(statistics["Resets"], .uint64(0))
            XCTAssertEqual(
                statistics["Requests"]?.decode([String: UInt64].self),
                ["mi 01": 3]
            )
        }
    }

    func testResetAndConnection() throws {
        try onBus { simulator, remote in
            let drive = simulator.network.drives[0]
            try await remote.change("Reset")
            XCTAssertFalse(drive.endpoints[0].isAssigned)
            XCTAssertEqual(drive.device.statistics.resets, 1)
            try await remote.change("Disconnect")
            XCTAssertFalse(drive.isConnected)
            let isConnected = try await remote.get("Connected", Bool.self, of: Remote.drive)
            XCTAssertFalse(isConnected)
            try await remote.change("Reconnect")
            XCTAssertTrue(drive.isConnected)
        }
    }

    func testInterruptionAndStall() throws {
        try onBus { simulator, remote in
            try await remote.change("Interrupt", UInt32(3_600_000))
            XCTAssertFalse(simulator.network.drives[0].endpoints[0].isReachable)
            let isConnected = try await remote.get("Connected", Bool.self, of: Remote.drive)
            XCTAssertTrue(isConnected)
            try await remote.call("StallCarrier", UInt32(3_600_000))
            XCTAssertTrue(simulator.network.isCarrierStalled)
            try await remote.call("StallCarrier", UInt32(1))
            try await until { !simulator.network.isCarrierStalled }
        }
    }

    func testSwap() throws {
        try onBus(drives: 2) { simulator, remote in
            let drives = try await remote.drives()
            let successor = try await remote.swap(drives[0], ["serial-number": .string("NEW")])
            XCTAssertEqual(successor.lastElement, "3")
            let now = try await remote.drives()
            XCTAssertEqual(now, [drives[1], successor])
            let serial = try await remote.get("SerialNumber", String.self, of: successor)
            XCTAssertEqual(serial, "NEW")
            let endpoint = try XCTUnwrap(simulator.network.endpoint(9, on: 1))
            XCTAssertEqual(endpoint.drive.number, 3)
            let wrong: [(ObjectPath, VariantDictionary)] = [
                (drives[0], [:]), (successor, ["eid": .byte(40)]),
                (successor, ["network": .byte(2)]), (successor, ["model": .string("x")]),
            ]
            for (path, description) in wrong {
                do throws(DBusError) {
                    _ = try await remote.swap(path, description)
                    XCTFail("\(path) \(description)")
                } catch {
                    XCTAssertTrue(error.isStandard("InvalidArgs"), "\(error)")
                }
            }
        }
    }

    func testChangedIdentifier() throws {
        try onBus { _, remote in
            try await remote.change("ChangeEID", UInt8(1), UInt8(30))
            let endpoints = try await remote.get(
                "Endpoints",
                [Structure<UInt32, UInt8>].self,
                of: Remote.drive
            )
            XCTAssertEqual(endpoints, [Structure(1, 30)])
            for (port, identifier) in [(0, 31), (1, 30), (1, 3)] as [(UInt8, UInt8)] {
                do throws(DBusError) {
                    try await remote.change("ChangeEID", port, identifier)
                    XCTFail("\(port) \(identifier)")
                } catch {
                    XCTAssertTrue(error.isStandard("InvalidArgs"), "\(error)")
                }
            }
        }
    }

    func testMctpdThatRefusesAndForgets() throws {
        try onBus { simulator, remote in
            try await remote.call("SetMctpdRefusals", ["Recover", "SetMTU"])
            XCTAssertEqual(simulator.mctpd?.refusals, [.recover, .setMTU])
            do throws(DBusError) {
                try await remote.call("SetMctpdRefusals", ["Recovery"])
                XCTFail("there is no such member")
            } catch {
                XCTAssertTrue(error.message.contains("Recover, SetMTU, Remove"), "\(error)")
            }
            let reply = try await remote.connection.call(
                destination: Remote.service,
                path: Remote.root,
                interface: Remote.interface,
                member: "GetMctpdCalls",
                arguments: UInt32(1),
                UInt8(9)
            )
            let calls = try reply.read(VariantDictionary.self)
            XCTAssertEqual(calls["Recover"], .uint64(0))
            XCTAssertEqual(calls["MTU"], .uint32(68))
            try await remote.call("StopMctpd")
            try await remote.call("StartMctpdEmpty", UInt32(1))
            XCTAssertEqual(simulator.mctpd?.isRunning, true)
        }
    }

    func testMctpdVanishesAndReturns() throws {
        try onBus { simulator, remote in
            let manager = Remote.interface
            try await remote.call("StopMctpd")
            XCTAssertEqual(simulator.mctpd?.isRunning, false)
            let isRunning = try await remote.get(
                "MctpdRunning",
                Bool.self,
                of: Remote.root,
                manager
            )
            XCTAssertFalse(isRunning)
            try await remote.call("StartMctpd")
            XCTAssertEqual(simulator.mctpd?.isRunning, true)
        }
    }

    func testWhatThereIsToChooseFrom() throws {
        try onBus { _, remote in
            let models = try await remote.get(
                "Models",
                [String: String].self,
                of: Remote.root,
                Remote.interface
            )
            XCTAssertEqual(Set(models.keys), Set(DriveDescription.models.map(\.name)))
            let faults = try await remote.get(
                "Faults",
                [String: String].self,
                of: Remote.root,
                Remote.interface
            )
            XCTAssertEqual(Set(faults.keys), Set(Fault.Kind.allCases.map(\.rawValue)))
        }
    }
}

/// Takes messages and does nothing with them.
@LoopActor
private final class Nobody: EndpointFace {
    var messages = 0
    func send(_ outgoing: Outgoing, from endpoint: SimulatedEndpoint) { messages += 1 }
}
