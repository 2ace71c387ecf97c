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

    func testDriveThatIsPluggedInAgainGoesOnceAndComesOnce() throws {
        let known = FleetBench.inventory.summaries[0]
        // As a drive is before it has told what it is.
        var unknown = FleetBench.inventory.summaries[4]
        unknown.endpoints = known.endpoints
        let others = Array(FleetBench.inventory.summaries[1...3])
        let looks = [[known], [], [unknown], [known]].map { $0 + others }
        let changes = zip(looks, looks.dropFirst()).flatMap { FleetChange.between($0, $1) }
        XCTAssertEqual(changes.map(\.kind), [.vanished, .appeared])
        XCTAssertEqual(changes.map(\.drive), [known, known])
        // One that does not answer at first is told of, and has not come again when it does.
        unknown.state = "unavailable"
        XCTAssertEqual(FleetChange.between([], [unknown]).map(\.kind), [.appeared])
        let later = FleetChange.between([unknown], [known])
        XCTAssertEqual(later.first?.kind, .state)
        XCTAssertEqual(later.first?.drive, known)
        XCTAssertFalse(later.contains { $0.kind == .appeared || $0.kind == .vanished })
        // Another drive's address is another drive.
        unknown.endpoints = FleetBench.inventory.summaries[4].endpoints
        XCTAssertEqual(
            FleetChange.between([unknown], [known]).map(\.kind),
            [.vanished, .appeared]
        )
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
