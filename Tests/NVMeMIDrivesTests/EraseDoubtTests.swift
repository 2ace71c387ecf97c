import EventLoop
import NVMeMI
import NVMeMIDevice
import TestSupport
import XCTest

@testable import NVMeMIDrives

/// What a drive tells of erasing is only believed as far as it is about what was begun here.
final class EraseDoubtTests: XCTestCase {
    /// Sanitize Status, as the log page has it.
    private static func log(
        _ outcome: SanitizeOutcome,
        command: UInt32,
        isErased: Bool = false,
        progress: UInt16 = 0xFFFF
    ) -> [UInt8] {
        var log = SanitizeStatusLog()
        log.outcome = outcome
        log.commandDword10 = command
        log.isGlobalDataErased = isErased
        log.progress = progress
        return log.data
    }

    /// Block Erase by a drive whose log is what a test says, after each time it was read; the last stays.
    @LoopActor
    private static func sanitize(
        answeringTheCommand: Bool = true,
        _ logs: [[UInt8]],
        judge: @LoopActor (Job, FleetBench) async throws -> Void
    ) async throws {
        let bench = FleetBench()
        try bench.plug(9) { $0.serialNumber = "DOUBT" }
        try await bench.wait("the drive") { bench.fleet.drives.first?.state == .ready }
        let drive = try XCTUnwrap(bench.fleet.drives.first)
        // Whatever the drive is asked for now, the job asks.
        try await sleep(for: .seconds(5))
        var left = logs
        bench.transport.interfere = { _, request in
            guard request.isAdmin else { return .pass }
            if request.opcode == AdminOpcode.sanitize.rawValue {
                return answeringTheCommand ? .completion(request) : .lose
            }
            guard request.opcode == AdminOpcode.getLogPage.rawValue, request.bytes[44] == 0x81
            else {
                return .pass
            }
            let log = left.count > 1 ? left.removeFirst() : left[0]
            return .completion(request, log)
        }
        let job = try bench.startSanitize(.blockErase, on: drive)
        try await bench.wait("the end") { job.state.isOver }
        try await judge(job, bench)
        await bench.end()
    }

    /// That data was written since is nothing that the command has done.
    func testAnOldLogIsNoSignThatALostCommandArrived() throws {
        try runLoop(virtualClock: true) {
            let logs = [
                Self.log(.completed, command: 2, isErased: true), Self.log(.completed, command: 2),
            ]
            try await Self.sanitize(answeringTheCommand: false, logs) { job, _ in
                XCTAssertEqual(job.state, .failed)
                XCTAssertNil(job.result["Status"])
            }
        }
    }

    func testAnOldLogIsNotTheEndOfWhatHasJustBegun() throws {
        try runLoop(virtualClock: true) {
            let old = Self.log(.failed, command: 2)
            let logs =
                [old, old, old, old]
                + [
                    Self.log(.inProgress, command: 2, progress: 0x8000),
                    Self.log(.completed, command: 2, isErased: true),
                ]
            try await Self.sanitize(logs) { job, _ in
                XCTAssertEqual(job.state, .done, job.failure?.words ?? "")
                XCTAssertEqual(job.result["Status"], .text("Completed"))
            }
        }
    }

    /// One that is done before anybody looks leaves the same log as one like it before.
    func testOneThatTakesNoTimeIsDone() throws {
        try runLoop(virtualClock: true) {
            let same = Self.log(.completed, command: 2, isErased: true)
            try await Self.sanitize([same]) { job, _ in
                XCTAssertEqual(job.state, .done, job.failure?.words ?? "")
            }
        }
    }

    func testAnotherOperationIsNotTakenForTheOwn() throws {
        try runLoop(virtualClock: true) {
            let logs = [
                Self.log(.neverSanitized, command: 0),
                Self.log(.inProgress, command: 2, progress: 0x8000),
                Self.log(.completed, command: 4, isErased: true),
            ]
            try await Self.sanitize(logs) { job, _ in
                XCTAssertEqual(job.state, .failed)
                XCTAssertTrue(
                    job.failure?.words.contains("another sanitize operation (CryptoErase)")
                        ?? false,
                    job.failure?.words ?? ""
                )
            }
        }
    }

    // MARK: Format

    /// Identify Namespace of one with blocks of 512 or 4096 bytes, by a drive that does not tell how far it is.
    private static func namespace(format: UInt8) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 4096)
        for place in [1, 9, 17] { bytes[place] = 1 }
        bytes[25] = 1
        bytes[26] = format
        bytes[130] = 9
        bytes[134] = 12
        return bytes
    }

    /// A format of a drive that does not tell how far it is, which moves to another address meanwhile.
    @LoopActor
    private static func format(
        _ bench: FleetBench,
        isCarriedOut: Bool
    ) async throws -> (Job, MonotonicInstant) {
        try bench.plug(9) { $0.serialNumber = "DOUBT" }
        try await bench.wait("the drive") { bench.fleet.drives.first?.state == .ready }
        let drive = try XCTUnwrap(bench.fleet.drives.first)
        let device = try XCTUnwrap(bench.transport.devices[FleetBench.address(9)])
        var format: UInt8 = 0
        var sentAt: MonotonicInstant?
        bench.transport.interfere = { _, request in
            if request.isAdmin, request.opcode == AdminOpcode.formatNVM.rawValue {
                sentAt = EventLoop.main.now
                return .lose
            }
            guard request.identified == 0 else { return .pass }
            if isCarriedOut, let sentAt, sentAt.duration(to: EventLoop.main.now) > .seconds(60) {
                format = 1
            }
            let offset = Int(request.bytes[28]) | Int(request.bytes[29]) << 8
            let length = Int(request.bytes[32]) | Int(request.bytes[33]) << 8
            let whole = namespace(format: format)
            return .completion(request, Array(whole.dropFirst(offset).prefix(length)))
        }
        let job = try bench.startFormat(1, on: drive, timeLimit: .seconds(120))
        try await bench.wait("the command") { sentAt != nil }
        let sent = try XCTUnwrap(sentAt)
        try await sleep(for: .seconds(1))
        bench.fleet.lost(FleetBench.address(9))
        bench.transport.devices[FleetBench.address(9)] = nil
        bench.transport.devices[FleetBench.address(30)] = device
        bench.fleet.found(FoundEndpoint(address: FleetBench.address(30)))
        return (job, sent)
    }

    func testADriveThatDoesNotTellIsLeftAloneAsLongAsItMayTake() throws {
        try runLoop(virtualClock: true) {
            let bench = FleetBench()
            let (job, sent) = try await Self.format(bench, isCarriedOut: false)
            try await sleep(for: .seconds(60))
            let drive = try XCTUnwrap(bench.fleet.drives.first)
            XCTAssertTrue(bench.fleet.jobs.changing(drive) === job, job.failure?.words ?? "")
            try await bench.wait("the end") { job.state.isOver }
            XCTAssertEqual(job.state, .failed)
            XCTAssertGreaterThan(sent.duration(to: EventLoop.main.now), .seconds(118))
            await bench.end()
        }
    }

    func testTheNewFormatTellsThatItIsDone() throws {
        try runLoop(virtualClock: true) {
            let bench = FleetBench()
            let (job, _) = try await Self.format(bench, isCarriedOut: true)
            try await bench.wait("the end") { job.state.isOver }
            XCTAssertEqual(job.state, .done, job.failure?.words ?? "")
            XCTAssertEqual(job.result["AnswerLost"], .boolean(true))
            await bench.end()
        }
    }

    func testNothingOfAFormatGoesOnWhenTheJobHasEnded() throws {
        try runLoop(virtualClock: true) {
            let bench = FleetBench()
            try bench.plug(9) {
                $0.serialNumber = "DOUBT"
                $0.formatTime = 60_000
            }
            try await bench.wait("the drive") { bench.fleet.drives.first?.state == .ready }
            let work = FormatWork(FormatNVM(1, on: 0, formatIndex: 1), of: [1], timeLimit: nil)
            let job = try bench.fleet.jobs.start(
                work,
                on: try XCTUnwrap(bench.fleet.drives.first),
                by: .somebody
            )
            try await bench.wait("the middle") { job.progress.percent > 10 }
            XCTAssertFalse(work.isAnswered)
            job.end(reason: "the test wants it")
            await job.ended()
            XCTAssertTrue(work.isAnswered)
            await bench.end()
        }
    }
}
