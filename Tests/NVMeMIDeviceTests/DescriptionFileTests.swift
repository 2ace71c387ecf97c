import XCTest

@testable import NVMeMIDevice

/// Drive descriptions as text: everything can be said, and mistakes are told with their line.
final class DescriptionFileTests: XCTestCase {
    func testModelsFitTogether() throws {
        for model in DriveDescription.models {
            XCTAssertNoThrow(try model.description.validate(), model.name)
        }
        XCTAssertNil(DriveDescription.model("none"))
    }

    func testEmptyFile() throws {
        XCTAssertEqual(try DescriptionFile("").entries, [])
        XCTAssertEqual(try DescriptionFile("# nothing\n\n  \n").entries, [])
    }

    func testFile() throws {
        let file = try DescriptionFile(
            """
            temperature = 40        # of every drive
            latency-ms = 3

            [drive]
            label = first
            eid = 20
            serial-number = ABC 1

            [drive]
            model = dual-port
            copies = 3
            temperature = -3
            management-version = 1.1
            firmware = 1.0, , 3.0
            active-firmware = 3
            optional-commands = reset, sanitize
            uuid = none

            [port 0]
            managed = yes

            [port 3]
            kind = two-wire
            maximum-frequency = 1MHz

            [controller 1]
            enabled = no

            [controller 8]
            port = 1
            function = virtual

            [namespace 1]
            size = 1TiB
            uuid = 00112233-4455-6677-8899-aabbccddeeff
            nguid = 000102030405060708090a0b0c0d0e0f

            [namespace 7]
            size = 1GB
            controllers = none

            [fault slow]
            opcode = 0x06
            delay-ms = 250

            [fault status]
            status = 0xE0
            """
        )
        XCTAssertEqual(file.entries.count, 2)
        let first = file.entries[0]
        XCTAssertEqual(first.drive.label, "first")
        XCTAssertEqual(first.drive.endpointIdentifiers, [20])
        XCTAssertEqual(first.drive.health.temperature, 40)
        XCTAssertEqual(first.drive.latency, 3)
        XCTAssertTrue(first.hasSerialNumber)
        let second = file.entries[1]
        XCTAssertEqual(second.copies, 3)
        XCTAssertEqual(second.drive.latency, 3)
        XCTAssertFalse(second.hasSerialNumber)
        XCTAssertEqual(second.drive.health.temperature, -3)
        XCTAssertEqual(second.drive.managementVersion.minor, 1)
        XCTAssertEqual(second.drive.firmwareRevisions, ["1.0", "", "3.0"])
        XCTAssertEqual(second.drive.optionalCommands, [.reset, .sanitize])
        XCTAssertFalse(second.drive.answersEndpointUUID)
        XCTAssertEqual(second.drive.ports.map(\.isManaged), [true, false, true, false])
        XCTAssertEqual(second.drive.ports[3].maximumFrequency, .fastPlus)
        XCTAssertEqual(second.drive.controllers.map(\.identifier), [0, 1, 8])
        XCTAssertFalse(second.drive.controllers[1].isEnabled)
        XCTAssertEqual(second.drive.controllers[2].function, .virtual)
        XCTAssertEqual(second.drive.namespaces.map(\.identifier), [1, 2, 3, 4, 7, 9])
        XCTAssertEqual(second.drive.namespaces[0].size, 1 << 40)
        XCTAssertEqual(
            second.drive.namespaces[0].uuid?.description,
            "00112233-4455-6677-8899-aabbccddeeff"
        )
        XCTAssertEqual(second.drive.namespaces[0].nguid, Array(0...15))
        XCTAssertEqual(second.drive.namespaces[4].controllers, [])
        XCTAssertEqual(second.faults.map(\.kind), [.slow, .status])
        XCTAssertEqual(second.faults[0].delay, 250)
    }

    func testModelOfEveryDrive() throws {
        let file = try DescriptionFile(
            "model = m2\ntemperature = 50\n[drive]\n[drive]\nmodel = dual-port\n"
        )
        XCTAssertEqual(file.entries.map(\.drive.managementVersion.minor), [0, 0])
        XCTAssertEqual(file.entries.map(\.drive.managementVersion.major), [1, 2])
        XCTAssertEqual(file.entries.map(\.drive.health.temperature), [50, 50])
    }

    func testMistakesAreToldWithTheirLine() {
        for (text, line, part) in [
            ("hello", 1, "neither [section] nor key = value"),
            ("[drive", 1, "lacks its ']'"),
            ("\n\n[driver]", 3, "[driver] comes before any [drive]"),
            ("[drive]\n[bay 3]", 2, "there is no section [bay 3]"),
            ("[port 1]", 1, "comes before any [drive]"),
            ("[drive]\ncolour = blue", 2, "there is no key 'colour' here"),
            ("[drive]\ntemperature = hot", 2, "temperature: 'hot' is not a temperature"),
            ("[drive]\neid = 7", 2, "eid: 7 is not in 8…254"),
            ("[drive]\neid = 9, x", 2, "eid: 'x' is not a number"),
            ("[drive]\nlabel = a\nmodel = u2", 3, "model must be the drive's first key"),
            ("label = a\nmodel = u2", 2, "model must be the drive's first key"),
            ("[drive]\nmodel = u3", 2, "there is no model 'u3'"),
            ("[drive]\nmodel-number = \(String(repeating: "x", count: 41))", 2, "more than 40"),
            ("[drive]\nserial-number = é", 2, "printable ASCII"),
            ("[drive]\ncapacity = 5 parsecs", 2, "not a number of bytes"),
            ("[drive]\ncapacity = 99999999999TiB", 2, "not a number of bytes"),
            ("[drive]\nformats = 500", 2, "500 is not in 512"),
            ("[drive]\nformats = 768", 2, "not a power of two"),
            ("[drive]\nfirmware = a,b,c,d,e,f,g,h", 2, "1 to 7 firmware slots"),
            ("[drive]\noptional-commands = dance", 2, "'dance' is not one of"),
            ("[drive]\nmanagement-version = 1", 2, "'1' is not a version"),
            ("[drive]\nuuid = 1234", 2, "'1234' is not a UUID"),
            ("[drive]\n[port 1]\nmaximum-transmission-unit = 63", 3, "63 is not in 64…4096"),
            ("[drive]\n[port 1]\nvpd-frequency = 2MHz", 3, "not none, 100kHz"),
            ("[drive]\n[port x]", 2, "'x' is not a number"),
            ("[drive]\n[namespace 0]", 2, "0 is not in 1"),
            ("[drive]\n[namespace 1]\neui64 = 00", 3, "not 8 hexadecimal bytes"),
            ("[drive]\n[controller 0]\nkind = disk", 3, "not unreported, io or"),
            ("[drive]\n[fault slowly]", 2, "there is no fault 'slowly'"),
            ("[drive]\n[fault slow]\ndelay = 3", 3, "a fault has no option 'delay'"),
            // What does not fit together is found when the drive's last line has been read.
            ("[drive]\n[port 3]\nkind = pcie", 3, "port 2 is missing"),
            ("[drive]\n[port 1]\nmanaged = no\n[drive]", 4, "no port is managed"),
            ("[drive]\nremove = controllers", 2, "needs a controller"),
            ("[drive]\n[controller 0]\nport = 9", 3, "which does not exist"),
            ("[drive]\n[namespace 1]\nformat = 5", 3, "format 5, which does not exist"),
            ("[drive]\n[namespace 1]\ncontrollers = 4", 3, "controller 4, which does not exist"),
            ("[drive]\n[namespace 2]\nsize = 1TB", 3, "does not fit into the capacity"),
            ("[drive]\nactive-firmware = 2", 2, "firmware slot 2 is empty"),
        ] {
            XCTAssertThrowsError(try DescriptionFile(text), text) { error in
                XCTAssertEqual((error as? DescriptionError)?.line, line, text)
                XCTAssertTrue("\(error)".contains(part), "\(text): \(error)")
            }
        }
    }

    func testValues() {
        XCTAssertEqual(TextValue.integer("0x1F"), 31)
        XCTAssertEqual(TextValue.integer("1_000"), 1_000)
        XCTAssertNil(TextValue.integer("+3"))
        XCTAssertNil(TextValue.integer(""))
        XCTAssertNil(TextValue.integer("0x"))
        XCTAssertEqual(TextValue.signed("-40"), -40)
        XCTAssertNil(TextValue.signed("--4"))
        XCTAssertEqual(TextValue.byteCount("1 KiB"), 1_024)
        XCTAssertEqual(TextValue.byteCount("2TB"), 2_000_000_000_000)
        XCTAssertEqual(TextValue.bytes("00 fF"), [0, 255])
        XCTAssertNil(TextValue.bytes("0"))
        XCTAssertNil(TextValue.bytes("0g"))
        XCTAssertEqual(TextValue.list("a, ,b"), ["a", "", "b"])
    }

    func testDerivedIdentifiersStayTheSame() {
        XCTAssertEqual(DeviceUUID(derivedFrom: "x"), DeviceUUID(derivedFrom: "x"))
        XCTAssertNotEqual(DeviceUUID(derivedFrom: "x1"), DeviceUUID(derivedFrom: "x2"))
        let text = "0F0E0d0c-0b0a-0908-0706-050403020100"
        XCTAssertEqual(DeviceUUID(text)?.description, text.lowercased())
        XCTAssertNil(DeviceUUID("0f0e"))
    }
}
