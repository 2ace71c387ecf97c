import NVMeMIClient
import XCTest

@testable import NVMeMIBridge

final class ConfigurationFileTests: XCTestCase {
    func testEmptyFileGivesTheDefaults() throws {
        XCTAssertEqual(try ConfigurationFile.parse(""), BridgeSettings())
        XCTAssertEqual(try ConfigurationFile.parse("\n# a = b\n   \n"), BridgeSettings())
    }

    func testEveryKeyIsTaken() throws {
        let settings = try ConfigurationFile.parse(
            """
            command-timeout-ms = 1500
            queue-limit=7
              queue-limit-per-client =  3
            minimum-gap-us = 1200
            second-slot = no
            calls = 10
            calls-per-client = 4
            first-retry-ms = 20
            last-retry-ms = 40
            mctpd-grace-ms = 0
            shutdown-grace-ms = 100
            log-level = debug
            """
        )
        XCTAssertEqual(settings.session.timeLimit, .milliseconds(1500))
        XCTAssertEqual(settings.session.queueLimit, 7)
        XCTAssertEqual(settings.session.queueLimitPerSender, 3)
        XCTAssertEqual(settings.session.minimumGap, .microseconds(1200))
        XCTAssertFalse(settings.session.usesSecondSlot)
        XCTAssertEqual(settings.calls, 10)
        XCTAssertEqual(settings.callsPerClient, 4)
        XCTAssertEqual(settings.firstRetry, .milliseconds(20))
        XCTAssertEqual(settings.lastRetry, .milliseconds(40))
        XCTAssertEqual(settings.mctpdGrace, .zero)
        XCTAssertEqual(settings.shutdownGrace, .milliseconds(100))
        XCTAssertEqual(settings.logLevel, "debug")
    }

    func testTheSampleUncommentedIsTheDefaults() throws {
        let uncommented = ConfigurationFile.sample.split(separator: "\n").map { line in
            line.hasPrefix("#") && !line.hasPrefix("# ") ? line.dropFirst() : line
        }.joined(separator: "\n")
        XCTAssertEqual(try ConfigurationFile.parse(uncommented), BridgeSettings())
        for setting in Setting.all {
            XCTAssertTrue(uncommented.contains("\n\(setting.key) = "), setting.key)
        }
    }

    func testLinesMayEndAsOnOtherSystems() throws {
        let settings = try ConfigurationFile.parse("# mine\r\nqueue-limit = 7\r\ncalls = 10\r\n")
        XCTAssertEqual(settings.session.queueLimit, 7)
        XCTAssertEqual(settings.calls, 10)
        XCTAssertEqual(
            problem(of: "# mine\r\nqueue-limit = bogus\r\n"),
            "line 2: 'bogus' is not a value of 'queue-limit', which takes a number from 1 to 10000"
        )
    }

    private func problem(of text: String) -> String {
        do {
            _ = try ConfigurationFile.parse(text)
            return "none"
        } catch {
            return "\(error)"
        }
    }

    func testErrorsNameLineProblemAndWhatIsAllowed() {
        XCTAssertEqual(
            problem(of: "\nqueue-limit 7"),
            "line 2: 'queue-limit 7' is not of the form 'key = value'"
        )
        XCTAssertEqual(
            problem(of: "queue-limit = 0"),
            "line 1: '0' is not a value of 'queue-limit', which takes a number from 1 to 10000"
        )
        XCTAssertEqual(
            problem(of: "queue-limit = many"),
            "line 1: 'many' is not a value of 'queue-limit', which takes a number from 1 to 10000"
        )
        XCTAssertEqual(
            problem(of: "second-slot = maybe"),
            "line 1: 'maybe' is not a value of 'second-slot', which takes yes, no"
        )
        XCTAssertEqual(
            problem(of: "log-level=info\nlog-level=info"),
            "line 2: 'log-level' is given twice"
        )
        XCTAssertTrue(problem(of: "queue-limits = 1").contains("unknown key 'queue-limits'"))
        XCTAssertTrue(problem(of: "queue-limits = 1").contains("queue-limit,"))
        XCTAssertTrue(
            problem(of: "calls = 99999999999999999999").contains("takes a number from")
        )
    }
}
