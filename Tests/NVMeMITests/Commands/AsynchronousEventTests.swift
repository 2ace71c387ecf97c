import NVMeMI
import XCTest

final class AsynchronousEventTests: XCTestCase {
    func testSupportedEvents() throws {
        let get = ConfigurationGet.AsynchronousEvents()
        let frame = sealed("84 88 00 00 00 00 00 00 02 00 0b 00 05 03 06 80 03 c1 00")
        let support = try get.decode(Response.parse(frame))
        XCTAssertEqual(support.enableListVersion, 0)
        XCTAssertEqual(
            support.events.settings,
            [
                AsynchronousEventSetting(.compositeTemperature, isEnabled: true),
                AsynchronousEventSetting(
                    AsynchronousEventIdentifier(rawValue: 0xC1),
                    isEnabled: false
                ),
            ]
        )
        XCTAssertEqual(get.encodeReply(support, slot: .zero), frame)
        XCTAssertEqual(
            support.events.namedValues["Events"],
            .names(["CompositeTemperature", "Unknown (C1h)"])
        )
        XCTAssertEqual(
            support.events.namedValues["EnabledEvents"],
            .names(["CompositeTemperature"])
        )
    }

    func testLongerHeadersAndEntriesAreSkipped() throws {
        let list = try AsynchronousEventList(
            data: bytes("02 00 11 00 07 aa bb 05 06 80 cc dd 05 09 00 ee ff 99 99")
        )
        XCTAssertEqual(list.settings.map(\.event), [.compositeTemperature, .smartWarnings])
        let occurrences = try AsynchronousEventOccurrences(
            data: bytes(
                """
                01 00 15 00 80 09 0a aa bb
                0b 00 01 06 04 03 02 01 f1 cc dd ee
                """
            )
        )
        XCTAssertTrue(occurrences.hasOverflowed)
        XCTAssertEqual(occurrences.retryCount, 2)
        XCTAssertEqual(occurrences.generation, 1)
        XCTAssertEqual(
            occurrences.occurrences,
            [
                .init(
                    .compositeTemperature,
                    scope: .controller,
                    scopeIdentifier: 0x0102_0304,
                    vendorInformation: [0xEE]
                )
            ]
        )
    }

    func testListsThatAreDamaged() {
        for (literal, field) in [
            ("", "number of events"),
            ("00 00 05 00", "header length"),
            ("00 00 05 00 04", "header length"),
            ("00 00 04 00 05", "total length"),
            ("00 00 06 00 05", "list"),
            ("01 00 05 00 05", "length of event 0"),
            ("01 00 08 00 05 02 06 80", "length of event 0"),
            ("01 00 08 00 05 04 06 80", "event 0"),
        ] {
            XCTAssertThrowsError(try AsynchronousEventList(data: bytes(literal))) {
                XCTAssertEqual(($0 as? NVMeMI.DecodingError)?.field, field, literal)
            }
        }
        for (literal, field) in [
            ("00 00 06 00 00 07 00", "total length"),
            ("00 00 07 00 00 06 00", "header length"),
            ("01 00 07 00 00 07 00", "length of event 0"),
            ("01 00 0f 00 00 07 00 08 00 00 00 00 00 00 00", "length of event 0"),
            ("01 00 10 00 00 07 00 09 01 00 00 00 00 00 00 00", "specific information of event 0"),
            ("01 00 10 00 00 07 00 09 00 02 00 00 00 00 00 00", "vendor information of event 0"),
        ] {
            XCTAssertThrowsError(try AsynchronousEventOccurrences(data: bytes(literal))) {
                XCTAssertEqual(($0 as? NVMeMI.DecodingError)?.field, field, literal)
            }
        }
    }

    func testAcknowledgementOfNothing() throws {
        let command = ConfigurationSet.AsynchronousEvents()
        let frame = sealed("84 88 00 00 00 00 00 00 00 00 07 00 00 07 00")
        XCTAssertEqual(
            try command.decode(Response.parse(frame)),
            AsynchronousEventOccurrences()
        )
        XCTAssertEqual(
            command.encodeReply(AsynchronousEventOccurrences(), slot: .zero),
            frame
        )
    }

    func testListsOfMoreThanFit() throws {
        let setting = AsynchronousEventSetting(.availableSpare, isEnabled: true)
        let list = AsynchronousEventList(Array(repeating: setting, count: 300))
        XCTAssertEqual(try AsynchronousEventList(data: list.data).settings.count, 255)
        let occurrence = AsynchronousEventOccurrences.Occurrence(
            .availableSpare,
            scope: .subsystem,
            specificInformation: [UInt8](repeating: 1, count: 300)
        )
        let occurrences = AsynchronousEventOccurrences(Array(repeating: occurrence, count: 300))
        let decoded = try AsynchronousEventOccurrences(data: occurrences.data)
        XCTAssertEqual(decoded.occurrences.count, 255)
        XCTAssertEqual(decoded.occurrences[0].specificInformation.count, 255)
    }

    func testMessage() throws {
        let message = AsynchronousEventMessage(
            AsynchronousEventOccurrences(
                [
                    .init(
                        .controllerReady,
                        scope: .controller,
                        scopeIdentifier: 1,
                        specificInformation: [1]
                    ),
                    .init(
                        .namespaceAttributeChanged,
                        scope: .namespace,
                        scopeIdentifier: 2,
                        vendorInformation: [9, 8]
                    ),
                ],
                generation: 31,
                retryCount: 7
            )
        )
        XCTAssertEqual(try AsynchronousEventMessage.parse(message.encode()), message)
        XCTAssertEqual(
            message.occurrences.namedValues.map(\.name),
            ["Overflow", "RetryCount", "Generation", "Events"]
        )
        XCTAssertEqual(
            message.occurrences.occurrences[1].namedValues["VendorInformation"],
            .bytes([9, 8])
        )
    }
}
