import XCTest

@testable import nvmemi

final class InventoryTests: XCTestCase {
    private func object(_ path: String, _ properties: Datum.Entry...) -> Inventory.Object {
        .init(path: Inventory.root + path, properties: .dictionary(properties))
    }

    func testObjectsBelongToTheirEndpoint() throws {
        let inventory = Inventory([
            object("", .init("Version", .text("1"))),
            object("/networks/1/endpoints/10", .init("EID", .unsigned(10))),
            object("/networks/1/endpoints/9", .init("MIVersion", .text("1.2"))),
            object("/networks/1/endpoints/9/ports/10"),
            object("/networks/1/endpoints/9/ports/2"),
            object(
                "/networks/1/endpoints/9/controllers/1",
                .init("SerialNumber", .text("S1")),
                .init("ModelNumber", .text("M"))
            ),
            object("/networks/1/endpoints/9/controllers/1/deeper"),
            object("/networks/1/endpoints/9/namespaces/1"),
            object("/networks/1/endpoints/11/namespaces/1"),
            object("/networks/1/endpoints/999"),
            object("/networks/one/endpoints/9"),
            object("/jobs/1"),
            .init(path: "/elsewhere/networks/1/endpoints/12", properties: .dictionary([])),
        ])
        XCTAssertEqual(inventory.endpoints.map(\.address), ["1:9", "1:10"])
        let endpoint = try XCTUnwrap(inventory.endpoints.first)
        XCTAssertEqual(endpoint.ports.map(\.number), [2, 10])
        XCTAssertEqual(endpoint.controllers.count, 1)
        XCTAssertEqual(endpoint.namespaces.count, 1)
        XCTAssertEqual(endpoint.serialNumbers, ["S1"])
        XCTAssertEqual(endpoint.property("ModelNumber"), .text("M"))
        XCTAssertEqual(endpoint.property("MIVersion"), .text("1.2"))
        XCTAssertNil(endpoint.property("Nothing"))
    }
}
