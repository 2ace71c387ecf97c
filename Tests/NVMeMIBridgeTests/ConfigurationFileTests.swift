import MCTP
import NVMeMI
import NVMeMIClient
import XCTest

@testable import NVMeMIBridge
@testable import NVMeMIDrives

final class ConfigurationFileTests: XCTestCase {
    func testEmptyFileGivesTheDefaults() throws {
        XCTAssertEqual(try ConfigurationFile.parse(""), BridgeSettings())
        XCTAssertEqual(try ConfigurationFile.parse("\n# a = b\n   \n"), BridgeSettings())
    }

    func testPlacesCountOn() throws {
        let places = try ConfigurationFile.parse(
            """
            [place]
            network = 2
            eid = 9-16
            name = Bay 08
            [place]
            eid = 30
            name = Front
            """
        ).fleet.places
        func place(_ network: UInt32, _ eid: UInt8) -> String? {
            self.place(of: endpoint(network, eid), places)
        }
        XCTAssertEqual(place(2, 9), "Bay 08")
        XCTAssertEqual(place(2, 10), "Bay 09")
        XCTAssertEqual(place(2, 16), "Bay 15")
        XCTAssertNil(place(2, 17))
        XCTAssertNil(place(1, 9))
        XCTAssertEqual(place(7, 30), "Front")
    }

    private func endpoint(_ network: UInt32, _ eid: UInt8) -> FoundEndpoint {
        FoundEndpoint(
            address: EndpointAddress(network: NetworkID(network), endpoint: EndpointID(eid))
        )
    }

    private func place(of endpoint: FoundEndpoint, _ places: [PlaceRule]) -> String? {
        places.lazy.compactMap { $0.place(of: endpoint) }.first
    }

    func testPlacesByPhysicalAddress() throws {
        let places = try ConfigurationFile.parse(
            """
            [place]
            interface = mctpi2c6
            address = 0x1D
            name = Bay 1
            slot = 7
            [place]
            interface = mctpi2c7
            name = Rear
            [place]
            eid = 9
            network = 2
            interface = mctpi3c0
            address = 0:1a:2B
            name = Both
            """
        ).fleet.places
        func place(_ interface: String?, _ bytes: [UInt8] = [], eid: UInt8 = 200) -> String? {
            var found = endpoint(2, eid)
            found.physicalAddress = interface.map { PhysicalAddress(interface: $0, bytes: bytes) }
            return self.place(of: found, places)
        }
        XCTAssertEqual(place("mctpi2c6", [0x1D]), "Bay 1")
        XCTAssertEqual(place("mctpi2c6", [0x1D], eid: 9), "Bay 1")
        XCTAssertNil(place("mctpi2c6", [0x1E]))
        XCTAssertNil(place("mctpi2c6", [0x1D, 0]))
        XCTAssertEqual(place("mctpi2c7", [0x55]), "Rear")
        XCTAssertNil(place("mctpi2c", [0x1D]))
        XCTAssertNil(place(nil))
        XCTAssertNil(place(nil, eid: 9))
        XCTAssertEqual(place("mctpi3c0", [0, 0x1A, 0x2B], eid: 9), "Both")
        XCTAssertNil(place("mctpi3c0", [0, 0x1A, 0x2B], eid: 10))
        var found = endpoint(1, 44)
        found.physicalAddress = PhysicalAddress(interface: "mctpi2c6", bytes: [0x1D])
        XCTAssertEqual(places[0].slot(of: found), 7)
    }

    func testAPlaceThatIsNoneIsRefused() {
        XCTAssertEqual(
            problem(of: "[place]\nname = Bay 1\n"),
            "line 1: [place] needs eid or interface, and name: which drives are where"
        )
        XCTAssertEqual(
            problem(of: "[place]\neid = 9-10\nname = Front\n"),
            "line 1: [place] has one name for 2 endpoint IDs; it has to end with the number that the first has, "
                + "as in 'Bay 0'"
        )
        for eid in ["7", "8-7", "8-255", "8-9-10", "", "-", "x", "300"] {
            XCTAssertTrue(
                problem(of: "[place]\neid = \(eid)\n").contains("an endpoint ID from 8 to 254"),
                eid
            )
        }
        XCTAssertEqual(
            problem(of: "[place]\neid = 9\naddress = 0x1d\nname = Bay 1\n"),
            "line 1: [place] has an address; it needs the interface that it is on"
        )
        for address in [
            "", "0x", "1d", "0x1d0", "0x-1", "g", "1:", ":1", "1::2", "0x1:2", "1:2:333",
        ] {
            XCTAssertTrue(
                problem(of: "[place]\naddress = \(address)\n").contains("a physical address: 0x1d"),
                address
            )
        }
        for interface in ["", "a/b", "a b", "a:b", ".", "mctpi2c123456789"] {
            XCTAssertTrue(
                problem(of: "[place]\ninterface = \(interface)\n").contains("such as mctpi2c6"),
                interface
            )
        }
        XCTAssertTrue(problem(of: "[place]\nnetwork = 0\n").contains("from 1 on"))
        XCTAssertTrue(problem(of: "[place]\nname =\n").contains("1 to 64 characters"))
        XCTAssertTrue(
            problem(of: "[place]\nbay = 7\n").contains(
                "network, eid, interface, address, name, slot"
            )
        )
        XCTAssertTrue(problem(of: "[place]\nslot = -1\n").contains("from 0 to"))
    }

    func testEveryKeyIsTaken() throws {
        let settings = try ConfigurationFile.parse(
            """
            command-timeout-ms = 1500
            queue-limit=7
              queue-limit-per-client =  3
            minimum-gap-us = 1200
            second-slot = no
            control-primitives = no
            more-processing-limit-ms = 9000
            health-interval-ms = 0
            transmission-unit = 64
            smbus-frequency = 1000000
            recover-after-ms = 5
            first-recover-ms = 0
            last-recover-ms = 70
            calls = 10
            calls-per-client = 4
            first-retry-ms = 20
            last-retry-ms = 40
            mctpd-grace-ms = 0
            shutdown-grace-ms = 100
            log-level = debug
            """
        )
        XCTAssertEqual(settings.fleet.drive.session.timeLimit, .milliseconds(1500))
        XCTAssertEqual(settings.fleet.drive.session.queueLimit, 7)
        XCTAssertEqual(settings.fleet.drive.session.queueLimitPerSender, 3)
        XCTAssertEqual(settings.fleet.drive.session.minimumGap, .microseconds(1200))
        XCTAssertFalse(settings.fleet.drive.session.usesSecondSlot)
        XCTAssertFalse(settings.fleet.drive.session.usesControlPrimitives)
        XCTAssertEqual(settings.fleet.drive.session.moreProcessingTimeLimit, .seconds(9))
        XCTAssertEqual(settings.fleet.drive.healthInterval, .zero)
        XCTAssertEqual(settings.fleet.drive.transmissionUnit, 64)
        XCTAssertEqual(settings.fleet.drive.smbusFrequency, 1_000_000)
        XCTAssertEqual(settings.fleet.recoverAfter, .milliseconds(5))
        XCTAssertEqual(settings.fleet.firstRecoverPause, .zero)
        XCTAssertEqual(settings.fleet.lastRecoverPause, .milliseconds(70))
        XCTAssertEqual(settings.calls, 10)
        XCTAssertEqual(settings.callsPerClient, 4)
        XCTAssertEqual(settings.fleet.firstRetry, .milliseconds(20))
        XCTAssertEqual(settings.fleet.lastRetry, .milliseconds(40))
        XCTAssertEqual(settings.fleet.directoryGrace, .zero)
        XCTAssertEqual(settings.shutdownGrace, .milliseconds(100))
        XCTAssertEqual(settings.logLevel, "debug")
    }

    func testTheSampleUncommentedIsTheDefaults() throws {
        let uncommented = ConfigurationFile.sample.split(separator: "\n").map { line in
            line.hasPrefix("#") && !line.hasPrefix("# ") ? line.dropFirst() : line
        }.joined(separator: "\n")
        XCTAssertEqual(try ConfigurationFile.parse(uncommented), BridgeSettings())
        for setting in Setting.all {
            XCTAssertTrue(uncommented.contains("\n\(setting.key) = "), setting.key)
        }
    }

    func testLinesMayEndAsOnOtherSystems() throws {
        let settings = try ConfigurationFile.parse("# mine\r\nqueue-limit = 7\r\ncalls = 10\r\n")
        XCTAssertEqual(settings.fleet.drive.session.queueLimit, 7)
        XCTAssertEqual(settings.calls, 10)
        XCTAssertEqual(
            problem(of: "# mine\r\nqueue-limit = bogus\r\n"),
            "line 2: 'bogus' is not a value of 'queue-limit', which takes a number from 1 to 10000"
        )
    }

    private func problem(of text: String) -> String {
        do {
            _ = try ConfigurationFile.parse(text)
            return "none"
        } catch {
            return "\(error)"
        }
    }

    private func drive(_ vendorID: UInt16, _ model: String, _ firmware: String) -> DriveIdentity {
        var controller = IdentifyController()
        controller.vendorID = vendorID
        controller.modelNumber = model
        controller.firmwareRevision = firmware
        return DriveIdentity(ControllerFacts(controller))
    }

    func testSettingsForSomeDrives() throws {
        let settings = try ConfigurationFile.parse(
            """
            minimum-gap-us = 10
            [drives]
            vendor-id = 0x1234
            model = ABC*
            minimum-gap-us = 500
            second-slot = no
            [drives]
            firmware = 1.?
            minimum-gap-us = 700
            """
        )
        XCTAssertEqual(settings.fleet.drive(nil).session.minimumGap, .microseconds(10))
        let other = settings.fleet.drive(drive(1, "ABC1", "2.0"))
        XCTAssertEqual(other.session.minimumGap, .microseconds(10))
        let first = settings.fleet.drive(drive(0x1234, "ABC1", "2.0"))
        XCTAssertEqual(first.session.minimumGap, .microseconds(500))
        XCTAssertFalse(first.session.usesSecondSlot)
        let both = settings.fleet.drive(drive(0x1234, "ABC1", "1.5"))
        XCTAssertEqual(both.session.minimumGap, .microseconds(700))
        XCTAssertFalse(both.session.usesSecondSlot)
    }

    func testWhatASectionCannotHaveIsToldWithTheReason() {
        XCTAssertEqual(
            problem(of: "[drives]\nmodel = A\ncalls = 7\n"),
            "line 3: 'calls' is not for some drives only; it stands before the first [drives]"
        )
        XCTAssertTrue(problem(of: "[drives]\nmodel =\n").contains("no drive fits"))
    }

    func testErrorsInSections() {
        XCTAssertEqual(
            problem(of: "[nvme]"),
            "line 1: unknown section '[nvme]'; there are [drives], [place]"
        )
        XCTAssertEqual(
            problem(of: "\n[drives]\nsecond-slot = no\n"),
            "line 2: [drives] does not say which drives; it needs vendor-id, model or firmware"
        )
        XCTAssertTrue(problem(of: "[drives]\nvendor-id = samsung").contains("such as 0x144d"))
        XCTAssertTrue(
            problem(of: "[drives]\nmodel = a\ncolour = 7")
                .contains("line 3: unknown key 'colour'; the keys of [drives] are vendor-id,")
        )
        XCTAssertTrue(
            problem(of: "[drives]\nmodel = a\nsecond-slot = maybe").contains("yes, no")
        )
    }

    func testErrorsNameLineProblemAndWhatIsAllowed() {
        XCTAssertEqual(
            problem(of: "\nqueue-limit 7"),
            "line 2: 'queue-limit 7' is not of the form 'key = value'"
        )
        XCTAssertEqual(
            problem(of: "queue-limit = 0"),
            "line 1: '0' is not a value of 'queue-limit', which takes a number from 1 to 10000"
        )
        XCTAssertEqual(
            problem(of: "queue-limit = many"),
            "line 1: 'many' is not a value of 'queue-limit', which takes a number from 1 to 10000"
        )
        XCTAssertEqual(
            problem(of: "second-slot = maybe"),
            "line 1: 'maybe' is not a value of 'second-slot', which takes yes, no"
        )
        XCTAssertEqual(
            problem(of: "log-level=info\nlog-level=info"),
            "line 2: 'log-level' is given twice"
        )
        XCTAssertTrue(problem(of: "queue-limits = 1").contains("unknown key 'queue-limits'"))
        XCTAssertTrue(problem(of: "queue-limits = 1").contains("queue-limit,"))
        XCTAssertTrue(
            problem(of: "calls = 99999999999999999999").contains("takes a number from")
        )
    }
}
