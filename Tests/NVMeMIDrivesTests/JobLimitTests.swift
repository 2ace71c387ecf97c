import EventLoop
import NVMeMI
import NVMeMIDevice
import TestSupport
import XCTest

@testable import NVMeMIDrives

/// No job is without an end, and none keeps anything when it has ended.
final class JobLimitTests: XCTestCase {
    @LoopActor
    private static func bench(
        _ change: (inout DriveDescription) -> Void = { _ in }
    ) async throws -> (FleetBench, NVMeMIDrives.Drive) {
        try await FleetBench.withDrive(
            "LIMITS",
            change,
            settings: { $0.jobs.standstill = .seconds(600) }
        )
    }

    // MARK: Standstill

    func testWhatComesNoFurtherIsGivenUp() throws {
        try runLoop(virtualClock: true) {
            let (bench, drive) = try await Self.bench()
            let began = EventLoop.main.now
            let job = try bench.fleet.jobs.start(WaveringWork(), on: drive, by: .somebody)
            try await bench.wait("the end", limit: .seconds(2000)) { job.state.isOver }
            XCTAssertEqual(job.state, .failed)
            XCTAssertTrue(
                job.failure?.words.contains("40 percent") ?? false,
                job.failure?.words ?? ""
            )
            // It came as far as 50 percent, and then no further.
            let time = began.duration(to: EventLoop.main.now)
            XCTAssertGreaterThan(time, .seconds(600))
            XCTAssertLessThan(time, .seconds(700))
            await bench.end()
        }
    }

    func testADriveThatSaysThatItNeedsLongerHasTheTime() throws {
        try runLoop(virtualClock: true) {
            let (bench, drive) = try await Self.bench()
            let work = WaveringWork(takes: .seconds(1200))
            let began = EventLoop.main.now
            let job = try bench.fleet.jobs.start(work, on: drive, by: .somebody)
            try await bench.wait("the end", limit: .seconds(3000)) { job.state.isOver }
            XCTAssertGreaterThan(began.duration(to: EventLoop.main.now), .seconds(1200))
            await bench.end()
        }
    }

    func testASelfTestThatIsNotAbortedIsGivenUp() throws {
        try runLoop(virtualClock: true) {
            let (bench, drive) = try await Self.bench { $0.shortSelfTestTime = 500_000 }
            bench.transport.interfere = { _, request in
                // Abort is answered, and nothing is done.
                request.isAdmin && request.opcode == AdminOpcode.deviceSelfTest.rawValue
                    && request.bytes[44] & 0xF == 0xF ? .completion(request) : .pass
            }
            let job = try bench.fleet.jobs.start(
                SelfTestWork(DeviceSelfTest(.short, on: 0)),
                on: drive,
                by: .somebody
            )
            try await bench.wait("the beginning") { job.progress.percent > 1 }
            try await job.cancel(by: .somebody)
            let asked = EventLoop.main.now
            try await bench.wait("the end") { job.state.isOver }
            XCTAssertEqual(job.state, .failed)
            XCTAssertTrue(job.failure?.words.contains("told to end") ?? false)
            XCTAssertLessThan(asked.duration(to: EventLoop.main.now), .seconds(200))
            await bench.end()
        }
    }

    // MARK: The drive that is meant

    func testADriveThatHasNotToldWhoItIsIsNotTheOneThatIsMeant() throws {
        try runLoop(virtualClock: true) {
            let bench = FleetBench()
            bench.transport.interfere = { _, request in request.identified == 1 ? .lose : .pass }
            let endpoint = try bench.plug(9) { $0.serialNumber = "SILENT" }
            try await bench.wait("its controllers") { !endpoint.inventory.controllers.isEmpty }
            do throws(DriveError) {
                try await endpoint.ask(
                    forSerialNumber: "SILENT",
                    before: "Format",
                    for: JobStarter.somebody.requester
                )
                XCTFail("nobody knows which drive it is")
            } catch {
                guard case .unavailable = error else { return XCTFail(error.words) }
            }
            // What only stops a drive that does not answer is done all the same.
            try await endpoint.ask(
                forSerialNumber: "SILENT",
                isAnswerNeeded: false,
                before: "Reset",
                for: JobStarter.somebody.requester
            )
            await bench.end()
        }
    }

    // MARK: What is held

    func testAnUpdateThatHasEndedLetsGoOfItsImage() throws {
        try runLoop(virtualClock: true) {
            let (bench, drive) = try await Self.bench()
            var image: HeldImage? = HeldImage()
            weak let held = image
            let job = try bench.fleet.jobs.start(
                FirmwareUpdate(FirmwareOrder(for: 0), try XCTUnwrap(image)),
                on: drive,
                by: .somebody
            )
            image = nil
            XCTAssertNotNil(held)
            try await bench.wait("the end") { job.state.isOver }
            // It is still there, with all that it tells.
            XCTAssertEqual(bench.fleet.jobs.all.map(\.number), [job.number])
            XCTAssertNil(held)
            await bench.end()
        }
    }

    /// The actions of Get Log Page for the persistent events, in the order in which they were sent.
    @LoopActor
    private static func contexts(_ bench: FleetBench) -> [UInt8] {
        bench.transport.requests.map(\.request)
            .filter {
                $0.isAdmin && $0.opcode == AdminOpcode.getLogPage.rawValue
                    && $0.bytes[44] == LogPageIdentifier.persistentEvent.rawValue
            }
            .map { $0.bytes[45] & 0x7F }
    }

    func testAContextWhoseAnswerWasLostIsReleased() throws {
        try runLoop(virtualClock: true) {
            let (bench, drive) = try await Self.bench()
            bench.transport.interfere = { _, request in
                request.isAdmin && request.opcode == AdminOpcode.getLogPage.rawValue
                    && request.bytes[44] == LogPageIdentifier.persistentEvent.rawValue
                    && request.bytes[45] & 0x7F == 1 ? .lose : .pass
            }
            let job = try bench.fleet.jobs.start(
                CaptureWork(.persistentEvents, of: 0, to: SlowSink()),
                on: drive,
                by: .somebody
            )
            try await bench.wait("the end") { job.state.isOver }
            XCTAssertEqual(job.state, .failed)
            let contexts = Self.contexts(bench)
            XCTAssertEqual(contexts.last, 2, "\(contexts)")
            await bench.end()
        }
    }

    func testAContextIsReleasedAtTheEndOfTheDaemon() throws {
        try runLoop(virtualClock: true) {
            let (bench, drive) = try await Self.bench { $0.abilities.insert(.persistentEvents) }
            let sink = SlowSink()
            let job = try bench.fleet.jobs.start(
                CaptureWork(.persistentEvents, of: 0, to: sink),
                on: drive,
                by: .somebody
            )
            try await bench.wait("the first bytes") { sink.isAsked }
            await bench.end()
            XCTAssertEqual(job.state, .failed)
            let contexts = Self.contexts(bench)
            XCTAssertEqual(contexts.last, 2, "\(contexts)")
        }
    }
}

/// Goes back and forth without an end.
private final class WaveringWork: JobWork {
    static let kind = JobKind(
        "Wavering",
        exclusion: .none,
        cancellation: .never,
        ending: .failure
    )
    let details: [(name: String, value: String)] = []
    let subjects: [JobSubject] = []
    private let time: Duration?

    init(takes time: Duration? = nil) { self.time = time }

    func run(_ job: Job) async throws(DriveError) {
        if let time { job.allowStandstill(of: time) }
        while true {
            job.advance(to: 0.5)
            try await job.pause(for: .seconds(15))
            job.advance(to: 0.4)
            try await job.pause(for: .seconds(15))
        }
    }
}

/// An image that can be seen to be let go of.
private final class HeldImage: FirmwareImage {
    let size: UInt32 = 4096
    let checksum: UInt32? = nil
    let facts: [NamedValue] = []

    func read(_ range: Range<UInt32>) -> [UInt8] { Array(repeating: 0, count: range.count) }
}

/// Takes nothing for a long time.
@LoopActor
private final class SlowSink: CaptureSink {
    private(set) var isAsked = false

    func write(_ bytes: [UInt8]) async throws(DriveError) {
        isAsked = true
        do { try await sleep(for: .seconds(300)) } catch { throw .interrupted("not taken") }
    }

    func rewind() -> Bool { false }
}
