import NVMeMI
import TestSupport
import XCTest

@testable import NVMeMIDevice

/// What all Admin commands have in common: sizes, slices, controllers and their errors.
final class AdminCommandTests: XCTestCase {
    private let identify = admin(.identify, dword10: 1, length: 4_096)

    func testUnknownAndProhibitedOpcodes() throws {
        let bench = try DriveBench()
        for opcode in [0x00, 0x01, 0x04, 0x05, 0x08, 0x0C, 0x18, 0x1D, 0x1E, 0x7C, 0x7F, 0xC0]
            as [UInt8]
        {
            let command = admin(AdminOpcode(rawValue: opcode))
            assertRefused(
                try bench.exchange(command.encode(slot: .zero)),
                .invalidCommandOpcode
            )
        }
        let bare = try DriveBench(try XCTUnwrap(DriveDescription.model("m2")))
        assertRefused(
            try bare.exchange(admin(.formatNVM).encode(slot: .zero)),
            .invalidCommandOpcode
        )
    }

    func testHeaderMustBeWhole() throws {
        let message = Array(identify.encode(slot: .zero).dropLast(4))
        for count in 5..<68 {
            assertRefused(
                try DriveBench().exchange(ResponseMessage.seal(Array(message.prefix(count)))),
                .invalidCommandSize
            )
        }
    }

    func testDataMustBeAsLongAsItSays() throws {
        let bench = try DriveBench()
        let message = Array(identify.encode(slot: .zero).dropLast(4))
        assertRefused(
            try bench.exchange(ResponseMessage.seal(message + [0, 0, 0, 0])),
            .invalidCommandInputDataSize
        )
        let download = Array(
            admin(.firmwareImageDownload, data: Array(repeating: 1, count: 8))
                .encode(slot: .zero).dropLast(4)
        )
        for changed in [Array(download.dropLast()), download + [0]] {
            assertRefused(
                try bench.exchange(ResponseMessage.seal(changed)),
                .invalidCommandInputDataSize
            )
        }
    }

    func testControllerThatDoesNotExist() throws {
        let command = admin(.identify, controller: 1, dword10: 1, length: 4_096)
        assertRefused(
            try DriveBench().exchange(command.encode(slot: .zero)),
            .invalidParameter,
            byte: 6
        )
    }

    func testSlices() throws {
        let bench = try DriveBench()
        let whole = try bench.complete(identify).data
        for (offset, length) in [(0, 4), (64, 8), (4_092, 4), (256, 512)] as [(UInt32, UInt32)] {
            let slice = admin(.identify, dword10: 1, offset: offset, length: length)
            XCTAssertEqual(
                try bench.complete(slice).data,
                Array(whole[Int(offset)..<Int(offset + length)])
            )
        }
        XCTAssertEqual(try bench.complete(admin(.identify, dword10: 1)).data, [])
    }

    func testSlicesThatAreNotAllowed() throws {
        let bench = try DriveBench()
        for (offset, length, byte) in [
            (0, 4_100, 32), (0, 2, 32), (2, 4, 28), (4_096, 4, 28), (4_000, 100, 32),
        ] as [(UInt32, UInt32, UInt16)] {
            let slice = admin(.identify, dword10: 1, offset: offset, length: length)
            assertRefused(
                try bench.exchange(slice.encode(slot: .zero)),
                .invalidParameter,
                byte: byte
            )
        }
    }

    func testSliceBeyondTheEndCanBeShortened() throws {
        var description = DriveDescription()
        description.sliceBeyondEnd = .shortened
        let bench = try DriveBench(description)
        let slice = admin(.identify, dword10: 1, offset: 4_000, length: 400)
        XCTAssertEqual(try bench.exchange(slice.encode(slot: .zero)).bytes.count, 20 + 96)
        let beyond = admin(.identify, dword10: 1, offset: 8_000, length: 400)
        XCTAssertEqual(try bench.exchange(beyond.encode(slot: .zero)).bytes.count, 20)
    }

    func testErrorsGoIntoTheLog() throws {
        let bench = try DriveBench()
        let before = bench.drive.errorLog.count
        let reply = try bench.complete(
            admin(.identify, namespace: 77, dword10: 0x55, length: 4_096)
        )
        XCTAssertEqual(reply.status.withoutAdvice, .invalidField)
        XCTAssertTrue(reply.status.doNotRetry)
        let log = try bench.run(GetLogPage.errors(on: 0, count: 64))
        XCTAssertEqual(log.errors.first?.errorCount, before + 1)
        XCTAssertEqual(log.errors.first?.status.withoutAdvice, .invalidField)
        XCTAssertEqual(log.errors.first?.parameterErrorLocation, 40)
        XCTAssertEqual(log.errors.first?.namespace, 77)
        XCTAssertEqual(log.errors.first?.opcode, 6)
        XCTAssertEqual(
            try bench.run(GetLogPage.smart(on: 0)).errorLogEntries,
            UInt128(before + 1)
        )
    }
}
