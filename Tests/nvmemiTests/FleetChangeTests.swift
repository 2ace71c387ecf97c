import XCTest

@testable import nvmemi

final class FleetChangeTests: XCTestCase {
    private func twins() -> [DriveSummary] {
        var drives = Array(FleetBench.inventory.summaries.prefix(2))
        for index in drives.indices {
            drives[index].model = "The same"
            drives[index].serialNumber = "1"
        }
        return drives
    }

    func testDriveWithAnotherNameIsTheSame() {
        let old = Array(FleetBench.inventory.summaries.prefix(2))
        var new = old
        new[0].name = "NVMe_Bay_3"
        XCTAssertEqual(FleetChange.between(old, new), [])
        new[0].temperature = 35
        XCTAssertEqual(FleetChange.between(old, new).map(\.kind), [.temperature])
    }

    func testDrivesThatTellTheSameAreToldApartByTheirNames() {
        let drives = twins()
        XCTAssertNotEqual(drives[0].temperature, drives[1].temperature)
        XCTAssertEqual(FleetChange.between(drives, drives), [])
        XCTAssertEqual(
            FleetChange.between(drives, [drives[1]]).map(\.drive.name),
            ["SIM1", "SIM2", "SIM2"]
        )
    }
}
