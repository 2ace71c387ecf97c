import EventLoop
import NVMeMI
import NVMeMIDevice
import TestSupport
import XCTest

@testable import NVMeMIDrives

/// Jobs that a drive carries on by itself: what happens when answers are lost and the drive moves.
final class EraseJobTests: XCTestCase {
    @LoopActor
    private static func bench(
        _ change: (inout DriveDescription) -> Void = { _ in }
    ) async throws -> (FleetBench, NVMeMIDrives.Drive, NVMeMIDevice.Drive) {
        let (bench, drive) = try await FleetBench.withDrive("ERASED") {
            $0.sanitizeTime = 60_000
            change(&$0)
        }
        return (bench, drive, try XCTUnwrap(bench.transport.devices[FleetBench.address(9)]))
    }

    /// With a drive that formats for a minute and a half behind its answer.
    @LoopActor
    private static func formattingBench() async throws -> (
        FleetBench, NVMeMIDrives.Drive, NVMeMIDevice.Drive
    ) {
        try await bench {
            $0.formatTime = 90_000
            $0.formatsInBackground = true
        }
    }

    /// Something befalls a drive that formats; the job's words in the end, which is a failure.
    @LoopActor
    private static func wordsOfFormat(
        disturbedBy disturb: @LoopActor (NVMeMIDevice.Drive, DeviceTime) -> Void
    ) async throws -> String {
        let (bench, drive, device) = try await formattingBench()
        let job = try bench.startFormat(0, on: drive, timeLimit: .seconds(10))
        try await bench.wait("the middle") { job.progress.percent > 10 }
        XCTAssertEqual(job.result["NVMeStatus"], .unsigned16(0))
        disturb(device, DeviceTime(clamping: EventLoop.main.now.nanoseconds / 1_000_000))
        try await bench.wait("the end") { job.state.isOver }
        XCTAssertEqual(job.state, .failed)
        await bench.end()
        return job.failure?.words ?? ""
    }

    /// Has the answer to the next command of an opcode lost, which is carried out.
    @LoopActor
    private static func lose(_ device: NVMeMIDevice.Drive, _ opcode: AdminOpcode) throws {
        let options = [("category", "admin"), ("opcode", "\(opcode.rawValue)"), ("count", "1")]
        device.setFault(try Fault(named: "lost", options: options))
    }

    /// Has commands of an opcode neither carried out nor answered.
    @LoopActor
    private static func mute(_ device: NVMeMIDevice.Drive, _ opcode: AdminOpcode) throws {
        let options = [("category", "admin"), ("opcode", "\(opcode.rawValue)")]
        device.setFault(try Fault(named: "mute", options: options))
    }

    @LoopActor
    private static func sent(_ bench: FleetBench, _ opcode: AdminOpcode) -> Int {
        bench.transport.count { $0.isAdmin && $0.opcode == opcode.rawValue }
    }

    func testALostAnswerToSanitizeIsNoFailure() throws {
        try runLoop(virtualClock: true) {
            let (bench, drive, device) = try await Self.bench()
            try Self.lose(device, .sanitize)
            let job = try bench.startSanitize(.blockErase, on: drive)
            try await bench.wait("the middle") { job.progress.percent >= 50 }
            // The drive tells a minute.
            let left = EventLoop.main.now.duration(to: try XCTUnwrap(job.progress.expectedEnd))
            XCTAssertLessThan(left, .seconds(40))
            try await bench.wait("the end") { job.state.isOver }
            XCTAssertEqual(job.state, .done, job.failure?.words ?? "")
            XCTAssertEqual(job.result["Status"], .text("Completed"))
            XCTAssertEqual(job.result["SerialNumber"], .text("ERASED"))
            let count = Self.sent(bench, .sanitize)
            XCTAssertEqual(count, 1)
            await bench.end()
        }
    }

    func testASanitizeThatNeverArrivedIsAFailure() throws {
        try runLoop(virtualClock: true) {
            let (bench, drive, device) = try await Self.bench()
            device.setFault(
                try Fault(named: "mute", options: [("category", "admin"), ("opcode", "0x84")])
            )
            let job = try bench.startSanitize(.blockErase, on: drive)
            try await bench.wait("the end") { job.state.isOver }
            XCTAssertEqual(job.state, .failed)
            XCTAssertTrue(
                job.failure?.words.contains("Sanitize") ?? false,
                job.failure?.words ?? ""
            )
            await bench.end()
        }
    }

    func testItIsFollowedAtAnotherAddress() throws {
        try runLoop(virtualClock: true) {
            let (bench, drive, device) = try await Self.bench()
            let job = try bench.startSanitize(.cryptoErase, on: drive)
            try await bench.wait("the beginning") { job.progress.percent > 10 }
            bench.fleet.lost(FleetBench.address(9))
            try await sleep(for: .seconds(5))
            bench.transport.devices[FleetBench.address(9)] = nil
            bench.transport.devices[FleetBench.address(30)] = device
            bench.fleet.found(FoundEndpoint(address: FleetBench.address(30)))
            try await bench.wait("the end") { job.state.isOver }
            XCTAssertEqual(job.state, .done, job.failure?.words ?? "")
            // It is one job, and not found once more as somebody else's.
            XCTAssertEqual(bench.fleet.jobs.all.count, 1)
            await bench.end()
        }
    }

    func testASelfTestWhoseAnswersAreLost() throws {
        try runLoop(virtualClock: true) {
            let (bench, drive, device) = try await Self.bench { $0.shortSelfTestTime = 30_000 }
            try Self.lose(device, .deviceSelfTest)
            let job = try bench.fleet.jobs.start(
                SelfTestWork(DeviceSelfTest(.short, on: 0, namespace: 1)),
                on: drive,
                by: .somebody
            )
            try await bench.wait("the end") { job.state.isOver }
            XCTAssertEqual(job.state, .done, job.failure?.words ?? "")
            XCTAssertEqual(job.result["Outcome"], .text("Completed"))
            let count = Self.sent(bench, .deviceSelfTest)
            XCTAssertEqual(count, 1)
            await bench.end()
        }
    }

    /// A self-test that is cancelled when it has been sent so often; what became of it, and how often the drive was told.
    @LoopActor
    private static func cancelledSelfTest(
        whenSent count: Int
    ) async throws -> (state: JobState, commands: Int, operation: SelfTestCode) {
        let (bench, drive, device) = try await Self.bench { $0.shortSelfTestTime = 30_000 }
        // What is sent is carried out, and for some seconds nobody knows that.
        try lose(device, .deviceSelfTest)
        let job = try bench.fleet.jobs.start(
            SelfTestWork(DeviceSelfTest(.short, on: 0)),
            on: drive,
            by: .somebody
        )
        try await bench.wait("the moment") {
            job.state == .running && sent(bench, .deviceSelfTest) == count
        }
        try await job.cancel(by: .somebody)
        try await bench.wait("the end") { job.state.isOver }
        let endpoint = try XCTUnwrap(drive.activeEndpoint)
        let controller = try XCTUnwrap(endpoint.inventory.controllers.first)
        let log = try await controller.selfTestLog(for: NVMeMIDrives.Requester("test"))
        let commands = sent(bench, .deviceSelfTest)
        await bench.end()
        return (job.state, commands, log.currentOperation)
    }

    func testASelfTestThatIsCancelledBeforeItIsSentIsNotSent() throws {
        try runLoop(virtualClock: true) {
            let end = try await Self.cancelledSelfTest(whenSent: 0)
            XCTAssertEqual(end.state, .cancelled)
            XCTAssertEqual(end.commands, 0)
            XCTAssertEqual(end.operation, .none)
        }
    }

    func testASelfTestThatIsCancelledWhileTheDriveIsSilentIsCancelled() throws {
        try runLoop(virtualClock: true) {
            let (bench, drive, device) = try await Self.bench()
            try Self.mute(device, .getLogPage)
            let job = try bench.fleet.jobs.start(
                SelfTestWork(DeviceSelfTest(.short, on: 0)),
                on: drive,
                by: .somebody
            )
            try await bench.wait("the beginning") { job.state == .running }
            try await job.cancel(by: .somebody)
            try await bench.wait("the end") { job.state.isOver }
            XCTAssertEqual(job.state, .cancelled, job.failure?.words ?? "")
            let count = Self.sent(bench, .deviceSelfTest)
            XCTAssertEqual(count, 0)
            await bench.end()
        }
    }

    func testASelfTestThatIsCancelledBeforeTheDriveHasAnsweredIsAborted() throws {
        try runLoop(virtualClock: true) {
            let end = try await Self.cancelledSelfTest(whenSent: 1)
            XCTAssertEqual(end.state, .cancelled)
            XCTAssertEqual(end.commands, 2)
            XCTAssertEqual(end.operation, .none)
        }
    }

    func testAResultOfBeforeIsNoneOfTheSelfTest() throws {
        try runLoop(virtualClock: true) {
            let (bench, drive, device) = try await Self.bench { $0.shortSelfTestTime = 30_000 }
            @LoopActor func begin() throws -> Job {
                try bench.fleet.jobs.start(
                    SelfTestWork(DeviceSelfTest(.short, on: 0)),
                    on: drive,
                    by: .somebody
                )
            }
            let first = try begin()
            try await bench.wait("the end") { first.state == .done }
            // Neither carried out nor answered; the log still has a result that is good.
            device.setFault(
                try Fault(named: "mute", options: [("category", "admin"), ("opcode", "0x14")])
            )
            let second = try begin()
            try await bench.wait("the end") { second.state.isOver }
            XCTAssertEqual(second.state, .failed)
            await bench.end()
        }
    }

    func testAFormatWhoseAnswerIsLostIsFollowed() throws {
        try runLoop(virtualClock: true) {
            let (bench, drive, device) = try await Self.formattingBench()
            try Self.lose(device, .formatNVM)
            let job = try bench.startFormat(1, on: drive, timeLimit: .seconds(10))
            try await bench.wait("the end") { job.state.isOver }
            XCTAssertEqual(job.state, .done, job.failure?.words ?? "")
            XCTAssertEqual(job.result["AnswerLost"], .boolean(true))
            let count = Self.sent(bench, .formatNVM)
            XCTAssertEqual(count, 1)
            // The namespace is looked at again, and the format not found as somebody else's.
            let namespace = try XCTUnwrap(drive.endpoints.first?.inventory.namespaces.first)
            try await bench.wait("the new size") { namespace.facts.blockSize == 4096 }
            try await sleep(for: .seconds(10))
            XCTAssertEqual(bench.fleet.jobs.all.count, 1)
            await bench.end()
        }
    }

    func testAFormatThatLosesPowerIsNotDone() throws {
        try runLoop(virtualClock: true) {
            let words = try await Self.wordsOfFormat { device, now in device.reset(at: now) }
            XCTAssertTrue(words.contains("lost power"), words)
        }
    }

    /// By the host, say: the power stays, and is counted no more often.
    func testAFormatThatAResetEndsIsNotDone() throws {
        try runLoop(virtualClock: true) {
            let words = try await Self.wordsOfFormat { device, now in
                let host = NVMeMIDevice.Requester(route: 0, endpoint: 7, destination: 9, tag: 0)
                let command = SubsystemReset().encode(slot: .zero)
                _ = device.endpoints[0].receive(command, from: host, at: now)
            }
            XCTAssertTrue(words.contains("was reset"), words)
        }
    }

    func testADriveThatHasNoneOfTheseIsNotAsked() throws {
        try runLoop(virtualClock: true) {
            let (bench, _, _) = try await Self.bench { $0.optionalCommands = [] }
            try await sleep(for: .seconds(10))
            let count = bench.transport.count { request in
                request.isAdmin && request.opcode == AdminOpcode.getLogPage.rawValue
                    && request.bytes.count > 44 && [0x06, 0x81].contains(request.bytes[44])
            }
            XCTAssertEqual(count, 0)
            await bench.end()
        }
    }

    func testOneBegunElsewhereIsFoundOnce() throws {
        try runLoop(virtualClock: true) {
            let bench = FleetBench()
            try bench.plug(9) {
                $0.serialNumber = "BUSY"
                $0.sanitizeTime = 60_000
            }
            let device = try XCTUnwrap(bench.transport.devices[FleetBench.address(9)])
            let requester = NVMeMIDevice.Requester(route: 0, endpoint: 8, destination: 9, tag: 0)
            _ = device.endpoints[0].receive(
                Sanitize(.cryptoErase, on: 0).encode(slot: .zero),
                from: requester,
                at: DeviceTime(clamping: EventLoop.main.now.nanoseconds / 1_000_000)
            )
            try await bench.wait("the job") { !bench.fleet.jobs.all.isEmpty }
            bench.fleet.look()
            let job = try XCTUnwrap(bench.fleet.jobs.all.first)
            XCTAssertNil(job.starter)
            try await bench.wait("the end") { job.state.isOver }
            XCTAssertEqual(job.state, .done, job.failure?.words ?? "")
            XCTAssertEqual(job.result["Action"], .text("CryptoErase"))
            XCTAssertEqual(bench.fleet.jobs.all.count, 1)
            await bench.end()
        }
    }
}
