import EventLoop
import MCTP
import TestSupport
import XCTest

@testable import NVMeMIDrives

private func found(_ network: UInt32, _ endpoint: UInt8) -> FoundEndpoint {
    FoundEndpoint(
        address: EndpointAddress(network: NetworkID(network), endpoint: EndpointID(endpoint))
    )
}

/// Endpoints of more than one network.
final class NetworkTests: XCTestCase {
    func testACarrierWithoutNetworksHasOne() throws {
        try runLoop(virtualClock: true) {
            let bench = FleetBench()
            bench.transport.tellsNetworksApart = false
            let endpoint = try bench.plug()
            for number in UInt8(9)...11 { bench.fleet.found(found(2, number)) }
            XCTAssertEqual(bench.fleet.endpoints.map(\.address), [endpoint.address])
            let told = bench.log.all.filter { $0.contains("cannot tell networks apart") }
            XCTAssertEqual(told.count, 1, "\(bench.log.all)")
            XCTAssertTrue(told.first?.contains("endpoint=net 2 eid 9") ?? false, "\(told)")
            await bench.end()
        }
    }

    func testACarrierWithNetworksHasAll() throws {
        try runLoop(virtualClock: true) {
            let bench = FleetBench()
            try bench.plug()
            bench.fleet.found(found(2, 9))
            XCTAssertEqual(bench.fleet.endpoints.count, 2)
            XCTAssertEqual(bench.log.all, [])
            await bench.end()
        }
    }
}
