import NVMeMI
import TestSupport
import XCTest

@testable import NVMeMIDevice

/// Asynchronous Event Messages: wanted, sent, repeated and acknowledged.
final class EventTests: XCTestCase {
    /// Sync: 1 s until a message, 10 s between repetitions, PCI functions, event 06h.
    private let sync = bytes(
        """
        84 08 00 00 03 00 00 00 04 64 01 01 00 00 00 00 01 00 08 00 05 03 06 80 0e c4 2c 4c
        """
    )
    private let acknowledge = bytes(
        "84 08 00 00 03 00 00 00 04 00 00 00 00 00 00 00 00 00 05 00 05 97 3b dc f1"
    )
    /// The composite temperature is 46 °C; the first message.
    private let message = bytes(
        "84 28 00 00 01 00 11 00 00 07 08 09 01 00 06 00 00 00 00 02 2e 9d 08 93 e9"
    )

    private func bench() throws -> DriveBench {
        try DriveBench(try XCTUnwrap(DriveDescription.model("dual-port")))
    }

    private func occurrences(
        in response: Response
    ) throws -> AsynchronousEventOccurrences {
        try ConfigurationSet.AsynchronousEvents().decode(response)
    }

    func testDriveWithoutEvents() throws {
        let bench = try DriveBench()
        let get = ConfigurationGet.AsynchronousEvents().encode(slot: .zero)
        assertRefused(try bench.exchange(get), .invalidParameter, byte: 8)
        assertRefused(try bench.exchange(sync), .invalidParameter, byte: 8)
    }

    func testSupportedEvents() throws {
        let bench = try bench()
        XCTAssertEqual(
            try bench.run(ReadDataStructure.portInformation(2)).capabilities,
            .asynchronousEventMessages
        )
        _ = bench.send(sync)
        let support = try bench.run(ConfigurationGet.AsynchronousEvents())
        XCTAssertEqual(support.events.settings.count, 11)
        XCTAssertEqual(
            support.events.settings.filter(\.isEnabled).map(\.event),
            [.compositeTemperature]
        )
    }

    func testSyncTellsThePresentState() throws {
        let bench = try bench()
        let state = try occurrences(in: try bench.exchange(sync))
        XCTAssertEqual(state.occurrences.map(\.event), [.compositeTemperature])
        XCTAssertEqual(state.occurrences.first?.specificInformation, [35])
    }

    func testEventIsSentAfterItsDelayAndAcknowledged() throws {
        let bench = try bench()
        _ = bench.send(sync)
        XCTAssertNil(bench.endpoint.nextDeadline)
        bench.drive.setTemperature(46, at: 100)
        bench.now = 100
        XCTAssertEqual(bench.endpoint.nextDeadline, 1_100)
        XCTAssertEqual(bench.wait(999), [])
        let sent = bench.wait(1)
        XCTAssertEqual(sent.map(\.message), [message])
        XCTAssertEqual(sent.map(\.isUnsolicited), [true])
        XCTAssertEqual(sent.first?.requester.endpoint, 8)
        // What happens before the acknowledgement comes with its answer.
        bench.drive.setTemperature(50, at: bench.now)
        let answer = try occurrences(in: try bench.exchange(acknowledge))
        XCTAssertEqual(answer.occurrences.map(\.specificInformation), [[50]])
        XCTAssertNil(bench.endpoint.nextDeadline)
        // Armed again.
        bench.drive.setTemperature(51, at: bench.now)
        let next = try XCTUnwrap(bench.wait(1_000).first)
        XCTAssertEqual(try AsynchronousEventMessage.parse(next.message).occurrences.generation, 2)
    }

    func testEventIsRepeatedAndGivenUp() throws {
        let bench = try bench()
        let poll = SubsystemHealthStatusPoll(version: ManagementInterfaceVersion(2, 0))
        _ = bench.send(sync)
        bench.drive.setTemperature(46, at: 0)
        XCTAssertEqual(bench.wait(1_000).map(\.message), [message])
        for retry in UInt8(1)...3 {
            XCTAssertEqual(bench.wait(9_999), [])
            let sent = try XCTUnwrap(bench.wait(1).first)
            let list = try AsynchronousEventMessage.parse(sent.message).occurrences
            XCTAssertEqual(list.retryCount, retry)
            XCTAssertEqual(list.generation, 1)
        }
        XCTAssertFalse(
            try bench.run(poll).status
                .contains(.asynchronousEventTransmissionFailure)
        )
        XCTAssertEqual(bench.wait(10_000), [])
        XCTAssertNil(bench.endpoint.nextDeadline)
        XCTAssertTrue(
            try bench.run(poll).status
                .contains(.asynchronousEventTransmissionFailure)
        )
        _ = bench.send(sync)
        XCTAssertFalse(
            try bench.run(poll).status
                .contains(.asynchronousEventTransmissionFailure)
        )
    }

    private func enable(
        _ events: [AsynchronousEventIdentifier],
        functions: PCIFunctions = .all,
        on bench: DriveBench
    ) throws {
        let list = AsynchronousEventList(
            events.map { AsynchronousEventSetting($0, isEnabled: true) }
        )
        try bench.run(
            ConfigurationSet.AsynchronousEvents(list, functions: functions, messageDelay: 0)
        )
    }

    private func events(on bench: DriveBench) throws -> [AsynchronousEventOccurrences.Occurrence] {
        let sent = bench.wait(0)
        return try sent.flatMap {
            try AsynchronousEventMessage.parse($0.message).occurrences.occurrences
        }
    }

    func testEventsOfControllersAndNamespaces() throws {
        let bench = try bench()
        try enable(
            [.controllerReady, .controllerEnable, .namespaceAttributeChanged, .smartWarnings],
            on: bench
        )
        bench.drive.setEnabled(false, controller: 1, at: 0)
        bench.drive.setCriticalWarning(8, at: 0)
        let delete = admin(
            .namespaceManagement,
            namespace: 3,
            dword10: 1,
            data: Array(repeating: 0, count: 4_096)
        )
        _ = try bench.complete(delete)
        let told = try events(on: bench)
        XCTAssertEqual(
            Set(told.map(\.event)),
            [.controllerReady, .controllerEnable, .namespaceAttributeChanged, .smartWarnings]
        )
        let namespace = told.first { $0.event == .namespaceAttributeChanged }
        XCTAssertEqual(namespace?.scope, .namespace)
        XCTAssertEqual(namespace?.scopeIdentifier, 3)
        let ready = told.first { $0.event == .controllerReady }
        XCTAssertEqual(ready?.scope, .controller)
        XCTAssertEqual(ready?.scopeIdentifier, 1)
        XCTAssertEqual(ready?.specificInformation, [0])
    }

    func testControllersThatAreNotCoveredAreNotToldOf() throws {
        let bench = try bench()
        try enable([.controllerReady], functions: .virtual, on: bench)
        bench.drive.setEnabled(false, controller: 1, at: 0)
        XCTAssertEqual(try events(on: bench).count, 0)
    }

    func testLastOfSeveralEventsOfAKindCounts() throws {
        let bench = try bench()
        try enable([.compositeTemperature], on: bench)
        bench.drive.setTemperature(40, at: 0)
        bench.drive.setTemperature(41, at: 0)
        XCTAssertEqual(try events(on: bench).map(\.specificInformation), [[41]])
    }

    func testEventsThatWereTakenBackAreNotSent() throws {
        let bench = try bench()
        try enable([.compositeTemperature], on: bench)
        let list = AsynchronousEventList(
            [AsynchronousEventSetting(.compositeTemperature, isEnabled: false)])
        try bench.run(ConfigurationSet.AsynchronousEvents(list, functions: .all, messageDelay: 0))
        bench.drive.setTemperature(41, at: 0)
        XCTAssertEqual(try events(on: bench).count, 0)
    }

    func testEndOfASanitizeThatFails() throws {
        let bench = try bench()
        try enable([.sanitizeFailureMode], on: bench)
        bench.drive.failNextSanitize()
        _ = try bench.complete(admin(.sanitize, dword10: 4))
        XCTAssertEqual(bench.endpoint.nextDeadline, 2_000)
        bench.now = 2_000
        XCTAssertEqual(try events(on: bench).map(\.specificInformation), [[1]])
    }

    func testUnknownEventsAndListsAreRefused() throws {
        let bench = try bench()
        let unknown = AsynchronousEventList(
            [AsynchronousEventSetting(.pcieLinkActive, isEnabled: true)])
        assertRefused(
            try bench.exchange(
                ConfigurationSet.AsynchronousEvents(unknown, functions: .all).encode(slot: .zero)
            ),
            .invalidParameter,
            byte: 16
        )
        assertRefused(
            try bench.exchange(unsealed: "84 08 00 00 03 00 00 00 04 00 00 00 00 00 00 00 01 00"),
            .invalidCommandInputDataSize
        )
    }

    func testResetForgetsWhoWantedEvents() throws {
        let bench = try bench()
        try enable([.compositeTemperature], on: bench)
        bench.drive.reset(at: 0)
        bench.drive.setTemperature(41, at: 0)
        XCTAssertEqual(try events(on: bench).count, 0)
    }
}
