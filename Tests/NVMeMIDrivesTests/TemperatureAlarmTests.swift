import XCTest

@testable import NVMeMIDrives

final class TemperatureAlarmTests: XCTestCase {
    func testThereIsADegreeBetweenBecomingAndCeasing() {
        var alarm = TemperatureAlarm()
        XCTAssertFalse(alarm.take(69, threshold: 70))
        XCTAssertTrue(alarm.take(70, threshold: 70))
        XCTAssertTrue(alarm.isAsserted)
        XCTAssertFalse(alarm.take(69, threshold: 70))
        XCTAssertTrue(alarm.isAsserted)
        XCTAssertTrue(alarm.take(68, threshold: 70))
        XCTAssertFalse(alarm.isAsserted)
    }

    func testWhatIsNotKnownChangesNothing() {
        var alarm = TemperatureAlarm()
        XCTAssertTrue(alarm.take(90, threshold: 70))
        XCTAssertFalse(alarm.take(nil, threshold: 70))
        XCTAssertTrue(alarm.isAsserted)
    }

    func testWithoutAThresholdThereIsNoAlarm() {
        var alarm = TemperatureAlarm()
        XCTAssertFalse(alarm.take(127, threshold: nil))
        XCTAssertTrue(alarm.take(90, threshold: 70))
        XCTAssertTrue(alarm.take(90, threshold: nil))
        XCTAssertFalse(alarm.isAsserted)
    }

    func testTheEndsOfTheScale() {
        var alarm = TemperatureAlarm()
        XCTAssertTrue(alarm.take(.min, threshold: .min))
        XCTAssertFalse(alarm.take(.min, threshold: .min))
    }
}
