import NVMeMI
import TestSupport
import XCTest

@testable import NVMeMIDevice

/// Get Log Page: the pages, their offsets and what reading them changes.
final class LogPageTests: XCTestCase {
    private func page(
        _ identifier: UInt8,
        by bench: DriveBench,
        length: UInt32 = 512,
        namespace: UInt32 = 0xFFFF_FFFF
    ) throws -> [UInt8] {
        try bench.run(
            GetLogPage(
                LogPageIdentifier(rawValue: identifier),
                on: 0,
                namespace: namespace,
                length: length
            )
        )
    }

    private func dword(_ index: Int, of page: [UInt8]) -> UInt32 {
        page[index * 4..<index * 4 + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    func testSupportedPagesAreThoseThatAnswer() throws {
        for model in DriveDescription.models {
            let bench = try DriveBench(model.description)
            guard bench.drive.has(.supportedLists) else { continue }
            let supported = try page(0, by: bench, length: 1_024)
            for identifier in UInt8(0)...0xFF {
                let isSupported = dword(Int(identifier), of: supported) == 1
                let reply = try bench.complete(
                    admin(
                        .getLogPage,
                        namespace: 0xFFFF_FFFF,
                        dword10: 0x7F_0000 | UInt32(identifier),
                        length: 512
                    )
                )
                // What a page that exists wants besides, such as an endurance group, is another matter.
                XCTAssertEqual(
                    reply.status.withoutAdvice != .invalidLogPage,
                    isSupported,
                    "\(model.name) \(identifier)"
                )
            }
        }
    }

    func testSmart() throws {
        var description = DriveDescription()
        description.health.sensors = [20, -5]
        let bench = try DriveBench(description)
        bench.now = 3 * 3_600_000
        let log = try bench.run(GetLogPage.smart(on: 0))
        XCTAssertEqual(log.compositeTemperature, 308)
        XCTAssertEqual(log.availableSpare, 100)
        XCTAssertEqual(log.percentageUsed, 1)
        XCTAssertEqual(log.powerOnHours, 1_745)
        XCTAssertEqual(log.dataUnitsRead, 2_456_013)
        XCTAssertEqual(log.temperatureSensors, [293, 268, 0, 0, 0, 0, 0, 0])
        XCTAssertEqual(try bench.run(GetLogPage.smart(on: 0, namespace: 0)), log)
        let single = admin(.getLogPage, namespace: 1, dword10: 0x7F_0002, length: 512)
        XCTAssertEqual(try bench.complete(single).status.withoutAdvice, .invalidField)
    }

    func testErrorLogIsNewestFirst() throws {
        let bench = try DriveBench()
        let log = try bench.run(GetLogPage.errors(on: 0, count: 64))
        XCTAssertEqual(log.entries.count, 64)
        XCTAssertEqual(log.errors.map(\.errorCount), [3, 2, 1])
        for _ in 0..<100 { _ = try bench.complete(admin(.identify, dword10: 0xFF, length: 8)) }
        let full = try bench.run(GetLogPage.errors(on: 0, count: 64))
        XCTAssertEqual(full.errors.first?.errorCount, 103)
        XCTAssertEqual(full.errors.last?.errorCount, 40)
    }

    func testFirmwareSlots() throws {
        let bench = try DriveBench(try XCTUnwrap(DriveDescription.model("dual-port")))
        let log = try bench.run(GetLogPage.firmwareSlots(on: 0))
        XCTAssertEqual(log.activeSlot, 2)
        XCTAssertEqual(log.nextActiveSlot, 0)
        XCTAssertEqual(log.revisions.prefix(3), ["2.1.0", "2.1.4", ""])
    }

    func testOffsetIntoAPage() throws {
        let bench = try DriveBench()
        let whole = try page(0x07, by: bench, length: 4_096)
        let part = try bench.run(
            GetLogPage(.telemetryHostInitiated, on: 0, offset: 512, length: 256)
        )
        XCTAssertEqual(part, Array(whole[512..<768]))
        // The other way to get at the same bytes: a slice of what the command produces.
        let slice = admin(
            .getLogPage,
            namespace: 0xFFFF_FFFF,
            dword10: 0x03FF_0007,
            offset: 512,
            length: 256
        )
        XCTAssertEqual(try bench.complete(slice).data, part)
    }

    func testDriveThatTakesNoSliceOfALogPage() throws {
        let bench = try DriveBench(try XCTUnwrap(DriveDescription.model("one-slot")))
        let slice = admin(.getLogPage, dword10: 0x03FF_0007, offset: 512, length: 256)
        assertRefused(
            try bench.exchange(slice.encode(slot: .zero)),
            .invalidParameter,
            byte: 28
        )
    }

    func testOffsetsThatAreNotAllowed() throws {
        let bench = try DriveBench()
        for offset in [2, 516, UInt64.max - 3] {
            var command = admin(.getLogPage, dword10: 0x7F_0002, length: 512)
            command.dword12 = UInt32(truncatingIfNeeded: offset)
            command.dword13 = UInt32(truncatingIfNeeded: offset >> 32)
            XCTAssertEqual(
                try bench.complete(command).status.withoutAdvice,
                .invalidField,
                "\(offset)"
            )
        }
        var indexed = admin(.getLogPage, dword10: 0x7F_0002, length: 512)
        indexed.dword14 = 1 << 23
        XCTAssertEqual(try bench.complete(indexed).status.withoutAdvice, .invalidField)
        var end = admin(.getLogPage, dword10: 0x7F_0002, length: 512)
        end.dword12 = 512
        XCTAssertEqual(try bench.complete(end).data, Array(repeating: 0, count: 512))
    }

    func testLongPageInPieces() throws {
        let bench = try DriveBench()
        let size = 512 * 129
        var collected: [UInt8] = []
        while collected.count < size {
            let length = min(4_096, size - collected.count)
            collected += try bench.run(
                GetLogPage(
                    .telemetryControllerInitiated,
                    on: 0,
                    offset: UInt64(collected.count),
                    length: UInt32(length)
                )
            )
        }
        XCTAssertEqual(collected[0], 8)
        for index in 512..<size {
            XCTAssertEqual(collected[index], UInt8(truncatingIfNeeded: index / 512 &+ index))
        }
    }

    func testChangedNamespaces() throws {
        let bench = try DriveBench(try XCTUnwrap(DriveDescription.model("dual-port")))
        bench.drive.noteChange(ofNamespace: 4, controllers: [0])
        bench.drive.noteChange(ofNamespace: 1, controllers: [0, 1])
        var retaining = GetLogPage(.changedNamespaces, on: 0, length: 4_096)
        retaining.retainsAsynchronousEvent = true
        for command in [retaining, retaining, GetLogPage(.changedNamespaces, on: 0, length: 4_096)]
        {
            let page = try bench.run(command)
            XCTAssertEqual(
                [dword(0, of: page), dword(1, of: page), dword(2, of: page)],
                [1, 4, 0]
            )
        }
        let cleared = try bench.run(GetLogPage(.changedNamespaces, on: 0, length: 4_096))
        XCTAssertEqual(dword(0, of: cleared), 0)
        let other = try bench.run(GetLogPage(.changedNamespaces, on: 1, length: 4_096))
        XCTAssertEqual(dword(0, of: other), 1)
    }

    func testEffects() throws {
        let bench = try DriveBench()
        let commands = try page(0x05, by: bench, length: 4_096)
        XCTAssertEqual(dword(0x06, of: commands), 1)
        XCTAssertEqual(dword(0x80, of: commands) & 3, 3)
        XCTAssertEqual(dword(0x0C, of: commands), 0)
        let features = try page(0x12, by: bench, length: 1_024)
        XCTAssertEqual(dword(0x02, of: features) & 1, 1)
        XCTAssertEqual(dword(0x01, of: features), 0)
        let management = try page(0x13, by: bench, length: 4_096)
        XCTAssertEqual(
            (0..<16).map { dword($0, of: management) },
            [1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]
        )
    }
}
