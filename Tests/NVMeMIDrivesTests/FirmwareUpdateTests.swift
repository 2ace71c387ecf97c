import EventLoop
import NVMeMI
import NVMeMIDevice
import TestSupport
import XCTest

@testable import NVMeMIDrives

/// Firmware updates of a simulated drive, in virtual time.
final class FirmwareUpdateTests: XCTestCase {
    private static let pieces = 8

    func testNewFirmwareRunsAfterTheReset() throws {
        try runLoop(virtualClock: true) {
            let bench = try await UpdateBench()
            let job = try bench.update("2.0.0", padding: Self.pieces) { $0.reset = .subsystem }
            try await bench.wait(for: job)
            XCTAssertEqual(job.state, .done, job.failure?.words ?? "")
            XCTAssertEqual(job.result["OldRevision"], .text("1.0.0"))
            XCTAssertEqual(job.result["NewRevision"], .text("2.0.0"))
            XCTAssertEqual(job.result["Slot"], .unsigned8(2))
            XCTAssertEqual(job.result["ResetNeeded"], .text("Subsystem"))
            XCTAssertEqual(job.result["Activated"], .boolean(true))
            XCTAssertEqual(bench.count(.firmwareImageDownload), Self.pieces)
            XCTAssertEqual(bench.count(.firmwareCommit), 1)
            try await bench.fleet.wait("the new revision") {
                bench.drive.identity?.firmware == "2.0.0"
            }
            await bench.end()
        }
    }

    func testEveryKindOfResetIsToldAndNoneIsDoneUnasked() throws {
        try runLoop(virtualClock: true) {
            for (word, name) in [
                ("controller", "Controller"), ("conventional", "Conventional"),
                ("subsystem", "Subsystem"), ("none", "Controller"),
            ] {
                let bench = try await UpdateBench()
                let job = try bench.update("2.0.0 reset=\(word)")
                try await bench.wait(for: job)
                XCTAssertEqual(job.state, .done, job.failure?.words ?? "")
                XCTAssertEqual(job.result["ResetNeeded"], .text(name))
                XCTAssertEqual(job.result["Activated"], .boolean(false))
                XCTAssertEqual(job.result["NewRevision"], .text("1.0.0"))
                XCTAssertEqual(job.result["SlotRevision"], .text("2.0.0"))
                await bench.end()
            }
        }
    }

    func testActivatedAtOnceOrByAResetWhereThatTakesTooLong() throws {
        try runLoop(virtualClock: true) {
            let bench = try await UpdateBench()
            let job = try bench.update("3.0.0") { $0.action = .activateNow }
            try await bench.wait(for: job)
            XCTAssertEqual(job.state, .done, job.failure?.words ?? "")
            XCTAssertEqual(job.result["NewRevision"], .text("3.0.0"))
            XCTAssertEqual(job.result["ResetNeeded"], .text("None"))
            await bench.end()

            let second = try await UpdateBench()
            let slow = try second.update("3.0.0 slow") {
                $0.action = .activateNow
                $0.reset = .controller
            }
            try await second.wait(for: slow)
            XCTAssertEqual(slow.state, .done, slow.failure?.words ?? "")
            XCTAssertEqual(slow.result["NewRevision"], .text("3.0.0"))
            XCTAssertNotNil(slow.result["CommitStatus"])
            await second.end()
        }
    }

    func testRefusalsAreToldApart() throws {
        try runLoop(virtualClock: true) {
            for (words, reason) in [
                ("2.0 broken", "Invalid Firmware Image"),
                ("2.0 model=Other", "Invalid Firmware Image"),
                ("2.0 prohibited", "Firmware Activation Prohibited"),
                ("2.0 fails-at=8192", "Internal Error"),
            ] {
                let bench = try await UpdateBench()
                let job = try bench.update(words)
                try await bench.wait(for: job)
                XCTAssertEqual(job.state, .failed)
                XCTAssertTrue(
                    job.failure?.words.contains(reason) ?? false,
                    job.failure?.words ?? ""
                )
                await bench.end()
            }
        }
    }

    func testWhatDoesNotRunIsNoSuccess() throws {
        try runLoop(virtualClock: true) {
            let bench = try await UpdateBench()
            let job = try bench.update("2.0.0 stale") { $0.reset = .subsystem }
            try await bench.wait(for: job)
            XCTAssertEqual(job.state, .failed)
            XCTAssertTrue(job.failure?.words.contains("'1.0.0' from slot 1") ?? false)
            XCTAssertEqual(job.result["Activated"], .boolean(false))
            await bench.end()

            let second = try await UpdateBench()
            let other = try second.update("2.0.0") {
                $0.reset = .subsystem
                $0.revision = "2.0.1"
            }
            try await second.wait(for: other)
            XCTAssertEqual(other.state, .failed)
            await second.end()
        }
    }

    /// A piece is lost on its way there, and on its way back: only that piece is sent again.
    func testLostPiecesAreSentAgainAndNothingElse() throws {
        try runLoop(virtualClock: true) {
            for lost in [true, false] {
                let bench = try await UpdateBench()
                var fault = Fault(lost ? .lost : .mute)
                fault.category = .admin
                fault.opcode = AdminOpcode.firmwareImageDownload.rawValue
                fault.skip = 3
                // The session repeats once by itself; the job after that.
                fault.count = 3
                bench.device.setFault(fault)
                let job = try bench.update("2.0.0", padding: Self.pieces) { $0.reset = .subsystem }
                try await bench.wait(for: job)
                XCTAssertEqual(job.state, .done, job.failure?.words ?? "")
                XCTAssertEqual(bench.count(.firmwareImageDownload), Self.pieces + 3)
                await bench.end()
            }
        }
    }

    func testLostAnswerToTheCommitIsNoSecondCommit() throws {
        try runLoop(virtualClock: true) {
            let bench = try await UpdateBench()
            var fault = Fault(.lost)
            fault.category = .admin
            fault.opcode = AdminOpcode.firmwareCommit.rawValue
            fault.count = 1
            bench.device.setFault(fault)
            let job = try bench.update("2.0.0") { $0.reset = .subsystem }
            try await bench.wait(for: job)
            XCTAssertEqual(job.state, .done, job.failure?.words ?? "")
            XCTAssertEqual(bench.count(.firmwareCommit), 1)
            XCTAssertEqual(job.result["NewRevision"], .text("2.0.0"))
            await bench.end()

            // The command itself is lost: it is sent again.
            let second = try await UpdateBench()
            var mute = fault
            mute = Fault(.mute)
            mute.category = .admin
            mute.opcode = AdminOpcode.firmwareCommit.rawValue
            mute.count = 1
            second.device.setFault(mute)
            let again = try second.update("2.0.0") { $0.reset = .subsystem }
            try await second.wait(for: again)
            XCTAssertEqual(again.state, .done, again.failure?.words ?? "")
            XCTAssertEqual(second.count(.firmwareCommit), 2)
            await second.end()
        }
    }

    /// The answer to the commit is lost that follows when activating at once takes too long.
    func testLostAnswerToTheSecondKindOfCommitIsFoundOutToo() throws {
        try runLoop(virtualClock: true) {
            let bench = try await UpdateBench()
            var fault = Fault(.lost)
            fault.category = .admin
            fault.opcode = AdminOpcode.firmwareCommit.rawValue
            fault.skip = 1
            fault.count = 1
            bench.device.setFault(fault)
            let job = try bench.update("3.0.0 slow") {
                $0.action = .activateNow
                $0.reset = .subsystem
            }
            try await bench.wait(for: job)
            XCTAssertEqual(job.state, .done, job.failure?.words ?? "")
            XCTAssertEqual(job.result["NewRevision"], .text("3.0.0"))
            XCTAssertEqual(bench.count(.firmwareCommit), 2)
            await bench.end()
        }
    }

    /// The drive loses its power, or is reset, in the middle of the transfer, and is away for a while.
    func testPowerLossInTheMiddleBeginsTheTransferAnew() throws {
        try runLoop(virtualClock: true) {
            for losesPower in [true, false] {
                let bench = try await UpdateBench()
                let isAway = AwaySwitch()
                bench.slowDown(whileAway: isAway)
                let job = try bench.update("2.0.0", padding: 64) { $0.reset = .subsystem }
                try await bench.fleet.wait("the middle") {
                    bench.count(.firmwareImageDownload) > 31
                }
                isAway.isOn = true
                let now = DeviceTime(clamping: EventLoop.main.now.nanoseconds / 1_000_000)
                if losesPower {
                    bench.device.reset(at: now)
                } else {
                    bench.device.setFault(try Fault(parsing: "reset,count=1"))
                }
                try await bench.fleet.wait("that it is missed") { job.step.contains("waiting for") }
                isAway.isOn = false
                try await bench.wait(for: job)
                XCTAssertEqual(job.state, .done, job.failure?.words ?? "")
                XCTAssertEqual(job.result["NewRevision"], .text("2.0.0"))
                await bench.end()
            }
        }
    }

    func testHealthIsPolledMeanwhileAndCancellingEndsIt() throws {
        try runLoop(virtualClock: true) {
            let bench = try await UpdateBench { $0.drive.healthInterval = .milliseconds(200) }
            bench.slowDown()
            let job = try bench.update("2.0.0", padding: 64)
            try await bench.fleet.wait("a piece") { bench.count(.firmwareImageDownload) > 0 }
            let polls = bench.fleet.transport.count(\.isHealthPoll)
            try await bench.fleet.wait("health polls beside it") {
                bench.fleet.transport.count(\.isHealthPoll) > polls + 3
            }
            XCTAssertEqual(job.state, .running)
            let sent = bench.count(.firmwareImageDownload)
            try await bench.fleet.wait("further pieces") {
                bench.count(.firmwareImageDownload) > sent + 1
            }
            try await job.cancel(by: .somebody)
            try await bench.wait(for: job)
            XCTAssertEqual(job.state, .cancelled)
            XCTAssertEqual(bench.count(.firmwareCommit), 0)
            await bench.end()
        }
    }

    func testImageThatChangesIsNotCommitted() throws {
        try runLoop(virtualClock: true) {
            let bench = try await UpdateBench()
            var image = BytesImage(words: "2.0.0", pieces: 4)
            image.checksum = 1
            let job = try bench.start(FirmwareUpdate(FirmwareOrder(for: 0), image))
            try await bench.wait(for: job)
            XCTAssertEqual(job.state, .failed)
            XCTAssertEqual(bench.count(.firmwareCommit), 0)
            await bench.end()
        }
    }

    func testWhatCannotSucceedIsRefusedBefore() throws {
        try runLoop(virtualClock: true) {
            let bench = try await UpdateBench()
            let controller = try XCTUnwrap(bench.drive.leadingController)
            let order = FirmwareOrder(for: 0)
            for size in [UInt32(0), 4, 4097, 6144] {
                XCTAssertThrowsError(try controller.check(order, imageSize: size)) {
                    XCTAssertTrue("\($0)".contains("multiple of 4096"), "\($0)")
                }
            }
            XCTAssertNoThrow(try controller.check(order, imageSize: 8192))
            var wrong = order
            wrong.slot = 7
            XCTAssertThrowsError(try controller.check(wrong, imageSize: 8192))
            wrong = order
            wrong.action = .replace
            wrong.reset = .subsystem
            XCTAssertThrowsError(try controller.check(wrong, imageSize: 8192))
            await bench.end()
        }
    }
}

/// A drive on a bench, and updates of it.
@LoopActor
private final class UpdateBench {
    let fleet: FleetBench
    let device: NVMeMIDevice.Drive

    init(_ change: (inout FleetSettings) -> Void = { _ in }) async throws {
        fleet = FleetBench(change)
        let bench = fleet
        try bench.plug(9) { $0.serialNumber = "UPDATE" }
        device = try XCTUnwrap(bench.transport.devices[FleetBench.address(9)])
        try await bench.wait("the drive") { bench.fleet.drives.first?.state == .ready }
    }

    var drive: NVMeMIDrives.Drive {
        guard let drive = fleet.fleet.drives.first else { preconditionFailure("no drive") }
        return drive
    }

    func update(
        _ words: String,
        padding pieces: Int = 4,
        _ change: (inout FirmwareOrder) -> Void = { _ in }
    ) throws -> Job {
        var order = FirmwareOrder(for: 0)
        change(&order)
        return try start(FirmwareUpdate(order, BytesImage(words: words, pieces: pieces)))
    }

    /// Has each piece take its time, and everything lost while the drive is away.
    func slowDown(whileAway isAway: AwaySwitch = AwaySwitch()) {
        fleet.transport.interfere = { _, request in
            if isAway.isOn { return .lose }
            return request.isAdmin && request.opcode == AdminOpcode.firmwareImageDownload.rawValue
                ? .delay(.milliseconds(100)) : .pass
        }
    }

    func start(_ work: FirmwareUpdate) throws -> Job {
        try fleet.fleet.jobs.start(work, on: drive, by: .somebody)
    }

    func wait(for job: Job) async throws {
        try await fleet.wait("the end of the job") { job.state.isOver }
    }

    func count(_ opcode: AdminOpcode) -> Int {
        fleet.transport.count { $0.isAdmin && $0.opcode == opcode.rawValue }
    }

    func end() async { await fleet.end() }
}

/// An image in memory.
private struct BytesImage: FirmwareImage {
    let bytes: [UInt8]
    var checksum: UInt32?
    let facts: [NamedValue] = []

    init(words: String, pieces: Int) {
        let line = Array("SIMULATED-FIRMWARE \(words)\n".utf8)
        bytes = line + Array(repeating: 0xF1, count: pieces * 4096 - line.count)
    }

    var size: UInt32 { UInt32(bytes.count) }

    func read(_ range: Range<UInt32>) -> [UInt8] {
        Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)])
    }
}

/// Something that a test switches.
@LoopActor
private final class AwaySwitch {
    var isOn = false
}
