import EventLoop
import NVMeMI
import NVMeMIDevice
import TestSupport
import XCTest

@testable import NVMeMIDrives

/// Jobs, whatever they do: when they begin, what they exclude, how they end.
final class JobTests: XCTestCase {
    /// A bench with one drive that is ready.
    @LoopActor
    private static func bench(
        _ change: (inout FleetSettings) -> Void = { _ in }
    ) async throws -> (FleetBench, NVMeMIDrives.Drive) {
        try await FleetBench.withDrive("JOBS", settings: change)
    }

    func testBeginsLaterAndTellsHowFarItIs() throws {
        try runLoop(virtualClock: true) {
            let (bench, drive) = try await Self.bench()
            let work = ScriptedWork { job throws(DriveError) in
                job.enter("first step")
                for percent in 0..<50 {
                    job.advance(to: Double(percent) / 100)
                    try await job.pause(for: .seconds(1))
                }
                job.note("Answer", .unsigned32(42))
            }
            let asked = EventLoop.main.now
            let job = try bench.fleet.jobs.start(work, on: drive, by: .somebody)
            XCTAssertEqual(job.state, .waiting)
            XCTAssertEqual(drive.jobs.map(\.number), [job.number])
            XCTAssertEqual(bench.observer.count(Job.self), 1)
            try await bench.wait("the beginning") { job.state == .running }
            XCTAssertGreaterThanOrEqual(asked.duration(to: EventLoop.main.now), .milliseconds(200))
            try await bench.wait("a half") { job.progress.percent == 25 }
            XCTAssertTrue(job.progress.isValid)
            XCTAssertEqual(job.step, "first step")
            // 25 s for a quarter: three quarters are left.
            let left = EventLoop.main.now.duration(to: try XCTUnwrap(job.progress.expectedEnd))
            XCTAssertEqual(left / .seconds(1), 75, accuracy: 1)
            try await bench.wait("the end") { job.state.isOver }
            XCTAssertEqual(job.state, .done)
            XCTAssertEqual(job.progress.percent, 100)
            XCTAssertEqual(job.result["Answer"], .unsigned32(42))
            XCTAssertFalse(job.isCancelable)
            await bench.end()
        }
    }

    func testIsToldOfOnceAMinuteAtLeast() throws {
        try runLoop(virtualClock: true) {
            let (bench, drive) = try await Self.bench { $0.drive.healthInterval = .zero }
            let job = try bench.fleet.jobs.start(
                ScriptedWork { job throws(DriveError) in try await job.pause(for: .seconds(600)) },
                on: drive,
                by: .somebody
            )
            try await bench.wait("the beginning") { job.state == .running }
            let before = bench.observer.changes
            try await sleep(for: .seconds(305))
            XCTAssertEqual(bench.observer.changes - before, 5)
            await bench.end()
        }
    }

    func testOneChangesADriveAtATime() throws {
        try runLoop(virtualClock: true) {
            let (bench, drive) = try await Self.bench()
            let jobs = bench.fleet.jobs
            let first = try jobs.start(ScriptedWork.slow(), on: drive, by: .somebody)
            XCTAssertThrowsError(try jobs.start(ScriptedWork.slow(), on: drive, by: .somebody)) {
                XCTAssertTrue("\($0)".contains("job \(first.number) (Scripted)"), "\($0)")
            }
            // One that can wait does, and one that only reads need not.
            let waiting = try jobs.start(PatientWork(), on: drive, by: .somebody)
            let reading = try jobs.start(ReadingWork(), on: drive, by: .somebody)
            try await bench.wait("the reading one") { reading.state == .done }
            XCTAssertEqual([first.state, waiting.state], [.running, .waiting])
            try await bench.wait("the first") { first.state == .done }
            try await bench.wait("the second") { waiting.state == .done }
            XCTAssertGreaterThanOrEqual(waiting.startTime, first.endTime)
            await bench.end()
        }
    }

    func testIsCancelledWhileItWaitsAndWhileItRuns() throws {
        try runLoop(virtualClock: true) {
            let (bench, drive) = try await Self.bench()
            let jobs = bench.fleet.jobs
            let early = try jobs.start(ScriptedWork.slow(), on: drive, by: .somebody)
            try await early.cancel(by: .somebody)
            XCTAssertEqual(early.state, .cancelled)
            XCTAssertTrue(early.failure?.words.contains("user 1000") ?? false)

            let late = try jobs.start(ScriptedWork.slow(), on: drive, by: .somebody)
            try await bench.wait("the beginning") { late.state == .running }
            late.allowCancelling(false)
            do throws(DriveError) {
                try await late.cancel(by: .somebody)
                XCTFail("it cannot be cancelled")
            } catch {
                XCTAssertTrue(error.words.contains("cannot be cancelled now"), error.words)
            }
            late.allowCancelling(true)
            let asked = EventLoop.main.now
            try await late.cancel(by: .somebody)
            try await bench.wait("the end") { late.state.isOver }
            XCTAssertEqual(late.state, .cancelled)
            // It did not sleep to the end of its pause.
            XCTAssertLessThan(asked.duration(to: EventLoop.main.now), .seconds(1))
            await bench.end()
        }
    }

    func testDriveThatDoesNotEndItKeepsItRunning() throws {
        try runLoop(virtualClock: true) {
            let (bench, drive) = try await Self.bench()
            let work = CommandedWork()
            let job = try bench.fleet.jobs.start(work, on: drive, by: .somebody)
            try await bench.wait("the beginning") { job.state == .running }
            work.refuses = true
            do throws(DriveError) {
                try await job.cancel(by: .somebody)
                XCTFail("the drive refuses")
            } catch {
                XCTAssertEqual(job.state, .running)
                XCTAssertTrue(job.isCancelable)
            }
            work.refuses = false
            try await job.cancel(by: .somebody)
            XCTAssertEqual(job.state, .cancelling)
            try await bench.wait("the end") { job.state == .cancelled }
            await bench.end()
        }
    }

    func testGoesOnByAnotherEndpointAndAtAnotherAddress() throws {
        try runLoop(virtualClock: true) {
            let (bench, drive) = try await Self.bench()
            let work = ScriptedWork { job throws(DriveError) in
                for _ in 0..<20 {
                    _ = try await job.attempt(on: 0) { controller throws(DriveError) in
                        try await controller.endpoint.perform(
                            Identify(.controller, on: controller.identifier, length: 64),
                            for: job.requester
                        )
                    }
                    try await job.pause(for: .seconds(1))
                }
            }
            let job = try bench.fleet.jobs.start(work, on: drive, by: .somebody)
            try await bench.wait("the beginning") { job.state == .running }
            try await sleep(for: .seconds(3))
            bench.fleet.lost(FleetBench.address(9))
            XCTAssertNil(job.drive)
            try await bench.wait("that it waits") { job.step.contains("waiting for the drive") }
            try await sleep(for: .seconds(30))
            XCTAssertEqual(job.state, .running)
            try bench.plug(20) { $0.serialNumber = "JOBS" }
            try await bench.wait("the end") { job.state.isOver }
            XCTAssertEqual(job.state, .done, job.failure?.words ?? "")
            XCTAssertEqual(bench.fleet.drives.first?.jobs.map(\.number), [job.number])
            await bench.end()
        }
    }

    func testHasPatienceWithADriveThatIsGoneAndNotForEver() throws {
        try runLoop(virtualClock: true) {
            let (bench, drive) = try await Self.bench { $0.jobs.patience = .seconds(20) }
            let job = try bench.fleet.jobs.start(
                ScriptedWork.asking(),
                on: drive,
                by: .somebody
            )
            bench.fleet.lost(FleetBench.address(9))
            let begun = EventLoop.main.now
            try await bench.wait("the end") { job.state.isOver }
            XCTAssertEqual(job.state, .failed)
            guard case .noEndpoint = job.failure else { return XCTFail("\(job.failure as Any)") }
            XCTAssertGreaterThan(begun.duration(to: EventLoop.main.now), .seconds(10))
            XCTAssertLessThan(begun.duration(to: EventLoop.main.now), .seconds(21))
            await bench.end()
        }
    }

    func testAnotherDriveInItsPlaceIsLeftAlone() throws {
        try runLoop(virtualClock: true) {
            let (bench, drive) = try await Self.bench()
            let job = try bench.fleet.jobs.start(
                ScriptedWork.asking(),
                on: drive,
                by: .somebody
            )
            // Swapped, and nobody has noticed yet.
            var other = DriveDescription()
            other.serialNumber = "OTHER"
            bench.transport.devices[FleetBench.address(9)] = NVMeMIDevice.Drive(other)
            try await bench.wait("the end") { job.state.isOver }
            XCTAssertEqual(job.state, .failed)
            XCTAssertTrue(job.failure?.words.contains("'OTHER'") ?? false, "\(job.failure as Any)")
            await bench.end()
        }
    }

    func testOnesThatEndedStayForAWhileAndNotTooMany() throws {
        try runLoop(virtualClock: true) {
            let (bench, drive) = try await Self.bench {
                $0.jobs.finishedLimit = 3
                $0.jobs.finishedTime = .seconds(1000)
                $0.drive.healthInterval = .zero
            }
            var numbers: [UInt32] = []
            for _ in 0..<5 {
                let job = try bench.fleet.jobs.start(ReadingWork(), on: drive, by: .somebody)
                numbers.append(job.number)
                try await bench.wait("the end") { job.state == .done }
            }
            XCTAssertEqual(bench.fleet.jobs.all.map(\.number), Array(numbers.suffix(3)))
            XCTAssertEqual(bench.observer.count(Job.self), 3)
            try await sleep(for: .seconds(1001))
            XCTAssertEqual(bench.fleet.jobs.all.count, 0)
            XCTAssertEqual(bench.observer.count(Job.self), 0)
            await bench.end()
        }
    }

    func testEndsWithTheDaemonOrIsLeftToTheDrive() throws {
        try runLoop(virtualClock: true) {
            let (bench, drive) = try await Self.bench()
            let ours = try bench.fleet.jobs.start(ScriptedWork.slow(), on: drive, by: .somebody)
            try await bench.wait("the beginning") { ours.state == .running }
            let reading = try bench.fleet.jobs.start(ReadingWork(), on: drive, by: .somebody)
            await bench.fleet.jobs.end(reason: "the daemon is told to end")
            XCTAssertEqual([ours.state, reading.state], [.failed, .failed])
            XCTAssertEqual(ours.failure?.words, "the daemon is told to end")
            XCTAssertThrowsError(
                try bench.fleet.jobs.start(ReadingWork(), on: drive, by: .somebody)
            )
            XCTAssertEqual(bench.observer.count(Job.self), 0)
            await bench.end()

            let (second, other) = try await Self.bench()
            let job = try second.fleet.jobs.start(CommandedWork(), on: other, by: .somebody)
            try await second.wait("the beginning") { job.state == .running }
            await second.fleet.jobs.end(reason: "the daemon is told to end")
            XCTAssertTrue(job.failure?.words.contains("the drive goes on") ?? false)
            await second.end()
        }
    }

    func testOneBegunElsewhereIsFound() throws {
        try runLoop(virtualClock: true) {
            let bench = FleetBench()
            bench.fleet.jobs.kinds = [CommandedWork.kind]
            try bench.plug(9) { $0.serialNumber = "BUSY" }
            try await bench.wait("the job") { bench.fleet.jobs.all.count == 1 }
            let job = try XCTUnwrap(bench.fleet.jobs.all.first)
            XCTAssertNil(job.starter)
            XCTAssertEqual(job.state, .running)
            // A further look does not find it again.
            bench.fleet.look()
            try await sleep(for: .seconds(5))
            XCTAssertEqual(bench.fleet.jobs.all.count, 1)
            await bench.end()
        }
    }

    func testAUserHasABoundedShare() throws {
        try runLoop(virtualClock: true) {
            let (bench, drive) = try await Self.bench()
            for _ in 0..<Jobs.limitPerDrive {
                _ = try bench.fleet.jobs.start(PatientWork(), on: drive, by: .somebody)
            }
            XCTAssertThrowsError(
                try bench.fleet.jobs.start(PatientWork(), on: drive, by: .somebody)
            ) { error in
                guard case DriveError.tooMany? = error as? DriveError else {
                    return XCTFail("\(error)")
                }
            }
            await bench.end()
        }
    }
}

/// Changes a drive, and does what the test says.
private final class ScriptedWork: JobWork {
    static let kind = JobKind(
        "Scripted",
        exclusion: .alone(whenBusy: .refused),
        cancellation: .noticed,
        ending: .failure
    )
    let details: [(name: String, value: String)] = [("speed", "slow")]
    let subjects: [JobSubject] = [.controller(0)]
    private let body: @LoopActor (Job) async throws(DriveError) -> Void

    init(_ body: @escaping @LoopActor (Job) async throws(DriveError) -> Void) { self.body = body }

    static func slow() -> ScriptedWork {
        ScriptedWork { job throws(DriveError) in try await job.pause(for: .seconds(60)) }
    }

    static func asking() -> ScriptedWork {
        ScriptedWork { job throws(DriveError) in
            try await job.attempt(on: 0) { _ throws(DriveError) in }
        }
    }

    func run(_ job: Job) async throws(DriveError) { try await body(job) }
}

/// Changes a drive, and can wait for others.
private final class PatientWork: JobWork {
    static let kind = JobKind(
        "Patient",
        exclusion: .alone(whenBusy: .waits),
        cancellation: .never,
        ending: .failure
    )
    let details: [(name: String, value: String)] = []
    let subjects: [JobSubject] = []

    func run(_ job: Job) async throws(DriveError) { try await job.pause(for: .seconds(5)) }
}

/// Changes nothing.
private final class ReadingWork: JobWork {
    static let kind = JobKind(
        "Reading",
        exclusion: .none,
        cancellation: .noticed,
        ending: .failure
    )
    let details: [(name: String, value: String)] = []
    let subjects: [JobSubject] = []

    func run(_ job: Job) async throws(DriveError) { try await job.pause(for: .seconds(1)) }
}

/// Something that the drive does and is told to end; every drive seems to be at it.
private final class CommandedWork: JobWork {
    static let kind = JobKind(
        "Commanded",
        exclusion: .alone(whenBusy: .refused),
        cancellation: .commanded,
        ending: .leftToDrive
    ) { _, _ throws(DriveError) in CommandedWork() }
    let details: [(name: String, value: String)] = []
    let subjects: [JobSubject] = []
    var refuses = false
    private var isToldToEnd = false

    func run(_ job: Job) async throws(DriveError) {
        while !isToldToEnd { try await job.pause(for: .seconds(1)) }
        try await job.pause(for: .seconds(3))
        throw .interrupted("the drive has ended it")
    }

    func cancel(_ job: Job) async throws(DriveError) {
        if refuses { throw .notAllowed("not now") }
        isToldToEnd = true
    }
}
