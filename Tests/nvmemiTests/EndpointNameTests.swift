import XCTest

@testable import nvmemi

final class EndpointNameTests: XCTestCase {
    private struct Candidate: EndpointCandidate, Equatable {
        var network: UInt32
        var endpoint: UInt8
        var serialNumbers: [String] = []
        var path: String {
            "/xyz/openbmc_project/nvme_mi/networks/\(network)/endpoints/\(endpoint)"
        }
    }

    private let candidates = [
        Candidate(network: 1, endpoint: 9, serialNumbers: ["S4AB001"]),
        Candidate(network: 1, endpoint: 10, serialNumbers: ["S4AB002"]),
        Candidate(network: 2, endpoint: 10, serialNumbers: ["S4AB0020", "9X77"]),
    ]

    private func resolve(_ text: String) throws -> String {
        let candidate = try EndpointName(text).resolve(among: candidates)
        return "\(candidate.network):\(candidate.endpoint)"
    }

    private func assertUnresolved(
        _ text: String,
        _ part: String,
        file: StaticString = #filePath,
        line: UInt = #line
    ) {
        XCTAssertThrowsError(try resolve(text), file: file, line: line) { error in
            let failure = error as? Failure
            XCTAssertEqual(failure?.status, .noEndpoint, file: file, line: line)
            let words = "\(failure?.message ?? "") \(failure?.advice ?? "")"
            XCTAssertTrue(words.contains(part), words, file: file, line: line)
        }
    }

    func testAddresses() throws {
        XCTAssertEqual(try resolve("9"), "1:9")
        XCTAssertEqual(try resolve("0x9"), "1:9")
        XCTAssertEqual(try resolve("1:9"), "1:9")
        XCTAssertEqual(try resolve("2:10"), "2:10")
        XCTAssertEqual(try resolve("net 2 eid 10"), "2:10")
        XCTAssertEqual(try resolve("Net 1 EID 9"), "1:9")
    }

    func testObjectPaths() throws {
        let path = candidates[2].path
        XCTAssertEqual(try resolve(path), "2:10")
        XCTAssertEqual(try resolve(path + "/"), "2:10")
        XCTAssertEqual(try resolve(path + "/controllers/7"), "2:10")
        XCTAssertEqual(EndpointName(path + "/controllers/7").controller, 7)
        XCTAssertNil(EndpointName(path + "/ports/1").controller)
    }

    func testSerialNumbers() throws {
        XCTAssertEqual(try resolve("S4AB001"), "1:9")
        XCTAssertEqual(try resolve("s4ab001"), "1:9")
        XCTAssertEqual(try resolve("9X"), "2:10")
        // A whole serial number is not ambiguous although another one begins with it.
        XCTAssertEqual(try resolve("S4AB002"), "1:10")
    }

    func testControllers() {
        XCTAssertEqual(EndpointName("9/1").controller, 1)
        XCTAssertEqual(EndpointName("1:9/0x41").controller, 0x41)
        XCTAssertEqual(EndpointName("S4AB001/2").controller, 2)
        XCTAssertNil(EndpointName("9").controller)
        XCTAssertNil(EndpointName("9/x").controller)
    }

    func testWhatFitsNothingOrTooMuch() {
        assertUnresolved("10", "1:10, 2:10")
        assertUnresolved("S4AB", "1:9, 1:10, 2:10")
        assertUnresolved("3:9", "no endpoint")
        assertUnresolved("", "no endpoint")
        assertUnresolved("/", "no endpoint")
        assertUnresolved("256", "no endpoint")
        assertUnresolved("-9", "no endpoint")
        assertUnresolved(":", "no endpoint")
        assertUnresolved("/xyz/openbmc_project/nvme_mi/networks/1/endpoints", "no endpoint")
    }
}
