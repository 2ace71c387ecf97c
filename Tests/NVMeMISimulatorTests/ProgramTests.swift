import EventLoop
import Glibc
import NVMeMIDevice
import TestSupport
import XCTest

@testable import NVMeMISimulator

/// The program as a script sees it: its one line, its exit status and its complaints.
final class ProgramTests: XCTestCase {
    /// The program stands beside the tests.
    private func program() throws -> String {
        var directory = CommandLine.arguments[0][...]
        for candidate in ["nvmemi-sim", "../nvmemi-sim"] {
            while let last = directory.last, last != "/" { directory.removeLast() }
            let path = String(directory) + candidate
            if access(path, X_OK) == 0 { return path }
        }
        throw XCTSkip("the program is not built")
    }

    private func name() -> String {
        "nvmemi-test-\(getpid())-\(Int.random(in: 0 ..< .max))"
    }

    func testReadyLineAndTermination() throws {
        for signal in [SIGTERM, SIGINT] {
            let name = name()
            let simulator = try TestProgram([
                try program(), "--demux", name, "--drives", "3", "--first-eid", "30",
            ])
            XCTAssertEqual(
                try simulator.readLine(),
                "ready drives=3 endpoints=1:30,1:31,1:32 demux=@\(name)"
            )
            XCTAssertEqual(simulator.end(signal), 0)
        }
    }

    func testEverythingAtOnce() throws {
        let bus = try TestBus()
        let name = name()
        let simulator = try TestProgram([
            try program(), "--bus", bus.address, "--mctpd", "--control", "--demux", "@" + name,
            "--pty", "--model", "dual-port", "--set", "temperature=50", "--fault", "slow,count=1",
            "--network", "7",
        ])
        let line = try simulator.readLine()
        XCTAssertTrue(
            line.hasPrefix(
                "ready drives=1 endpoints=7:9 demux=@\(name) mctpd=au.com.codeconstruct.MCTP1 "
                    + "control=xyz.openbmc_project.NVMeMI.Simulator pty=/dev/pts/"
            ),
            line
        )
        // Without the bus there is no point in going on.
        bus.end()
        XCTAssertEqual(simulator.wait(), 1)
        XCTAssertTrue(simulator.readAll().contains("the bus has gone away"))
    }

    func testDrivesOfAFile() throws {
        let directory = try TemporaryDirectory()
        let file = try directory.write("[drive]\neid = 77\n[drive]\ncopies = 2\n", to: "a.conf")
        let name = name()
        let simulator = try TestProgram([try program(), "--demux", name, "--file", file])
        XCTAssertEqual(
            try simulator.readLine(),
            "ready drives=3 endpoints=1:77,1:9,1:10 demux=@\(name)"
        )
        XCTAssertEqual(simulator.end(SIGTERM), 0)
        try runLoop {}
    }

    func testMistakes() throws {
        let directory = try TemporaryDirectory()
        let broken = try directory.write("[drive]\n\nwings = 2\n", to: "b.conf")
        for (arguments, part) in [
            ([], "nobody could reach the drives"),
            (["--demux", "x", "--model", "y"], "there is no model 'y'"),
            (["--demux", "x", "--set", "wings=2"], "there is no key 'wings' here"),
            (["--demux", "x", "--fault", "wings"], "there is no fault 'wings'"),
            (["--demux", "x", "--file", broken], "b.conf: line 3: there is no key 'wings' here"),
            (["--demux", "x", "--file", "/nowhere"], "open /nowhere"),
            (["--demux", "x", "--first-eid", "7"], "--first-eid is not in 8…254"),
            (["--demux", "x", "--drives", "257"], "no endpoint identifier is left"),
            (["--mctpd", "--bus", "unix:path=/nowhere"], "/nowhere"),
            (["--demux", "/nowhere/x"], "bind"),
        ] as [([String], String)] {
            let simulator = try TestProgram([try program()] + arguments)
            let text = simulator.readAll()
            XCTAssertTrue(text.contains(part), text)
            XCTAssertNotEqual(simulator.wait(), 0)
        }
    }

    func testHelpAndDescriptions() throws {
        for (arguments, parts) in [
            (["--help"], ["--mctpd", "--demux <name|path>", "--describe", "Examples:"]),
            (["--describe", "models"], DriveDescription.models.map(\.name)),
            (["--describe", "faults"], Fault.Kind.allCases.map(\.rawValue)),
            (["--describe", "keys"], DriveDescription.keys.map(\.name)),
        ] as [([String], [String])] {
            let simulator = try TestProgram([try program()] + arguments)
            let text = simulator.readAll()
            for part in parts { XCTAssertTrue(text.contains(part), part) }
            XCTAssertEqual(simulator.wait(), 0)
        }
    }
}
