import XCTest

@testable import nvmemi

final class ReportTests: XCTestCase {
    func testNamesBecomeWords() {
        XCTAssertEqual(Words.split("CompositeTemperature"), "Composite temperature")
        XCTAssertEqual(Words.split("SMBusFrequency"), "SMBus frequency")
        XCTAssertEqual(Words.split("MaximumSMBusFrequency"), "Maximum SMBus frequency")
        XCTAssertEqual(Words.split("MCTPTransmissionUnit"), "MCTP transmission unit")
        XCTAssertEqual(Words.split("PCIeLinkSpeed"), "PCIe link speed")
        XCTAssertEqual(Words.split("SubsystemNQN"), "Subsystem NQN")
        XCTAssertEqual(Words.split("UUID"), "UUID")
        XCTAssertEqual(Words.split("NetworkId"), "Network ID")
        XCTAssertEqual(Words.split("PCIePort0LinkActive"), "PCIe port 0 link active")
        XCTAssertEqual(Words.split("EUI64"), "EUI64")
        XCTAssertEqual(Words.split("RuntimeD3EntryLatency"), "Runtime D3 entry latency")
        XCTAssertEqual(Words.split("X"), "X")
        XCTAssertEqual(Words.split(""), "")
        XCTAssertEqual(Words.split("already written"), "Already written".lowercased())
    }

    func testQuantitiesHaveUnits() {
        XCTAssertEqual(Quantity.text(.unsigned(38), field: "CompositeTemperature"), "38 °C")
        XCTAssertEqual(Quantity.text(.real(38), field: "CompositeTemperature"), "38 °C")
        XCTAssertEqual(Quantity.text(.unsigned(97), field: "AvailableSpare"), "97 %")
        XCTAssertEqual(Quantity.text(.unsigned(2), field: "DataUnitsRead"), "2 (1.02 MB)")
        XCTAssertEqual(
            Quantity.text(.unsigned(3_840_755_982_336), field: "TotalCapacity"),
            "3.84 TB"
        )
        XCTAssertEqual(Quantity.text(.unsigned(0x144d), field: "VendorID"), "0x144d")
        XCTAssertEqual(Quantity.text(.unsigned(4096), field: "BlockSize"), "4096 B")
        XCTAssertEqual(Quantity.text(.unsigned(400_000), field: "SMBusFrequency"), "400 kHz")
        XCTAssertEqual(Quantity.text(.unsigned(0x3a), field: "VPDAddress"), "0x3a")
        XCTAssertEqual(Quantity.text(.integer(-5), field: "TemperatureSensor1"), "-5 °C")
        XCTAssertEqual(Quantity.text(.unsigned(1), field: "TemperatureHysteresisAttributes"), "1")
        XCTAssertEqual(Quantity.text(.real(8.25), field: "MaximumPower"), "8.25 W")
        XCTAssertEqual(
            Quantity.text(.unsigned(3), field: "WarningCompositeTemperatureTime"),
            "3 min"
        )
        XCTAssertEqual(Quantity.text(.unsigned(7), field: "Whatever"), "7")
        XCTAssertEqual(Quantity.text(.text("n/a"), field: "AvailableSpare"), "n/a")
    }

    func testEveryKindOfValueIsWritten() {
        XCTAssertEqual(Quantity.plain(.boolean(true)), "yes")
        XCTAssertEqual(Quantity.plain(.null), "-")
        XCTAssertEqual(Quantity.plain(.text("")), "-")
        XCTAssertEqual(Quantity.plain(.list([])), "none")
        XCTAssertEqual(Quantity.plain(.list([.text("a"), .unsigned(1)])), "a, 1")
        XCTAssertEqual(
            Quantity.plain(.list([.list([.unsigned(1), .unsigned(2)]), .list([])])),
            "(1, 2), (none)"
        )
        XCTAssertEqual(Quantity.plain(.bytes([1, 0xab])), "01ab")
        XCTAssertEqual(Quantity.plain(.real(.nan)), "-")
        XCTAssertEqual(Quantity.plain(.real(1e300)), "1e+300")
        XCTAssertEqual(Quantity.scaled(0, "B"), "0 B")
        XCTAssertEqual(Quantity.scaled(1100, "B"), "1.1 kB")
        XCTAssertEqual(Quantity.scaled(1010, "Hz"), "1.01 kHz")
    }

    func testNestedAnswers() {
        let datum = Datum.dictionary([
            .init("Temperature", .unsigned(30)),
            .init("Latency", .dictionary([.init("Median", .unsigned(900))])),
            .init(
                "Slots",
                .list([
                    .dictionary([.init("Slot", .unsigned(1)), .init("Revision", .text("A"))]),
                    .dictionary([.init("Slot", .unsigned(2))]),
                ])
            ),
            .init("Names", .list([.text("x"), .text("y")])),
        ])
        XCTAssertEqual(
            Report().lines(datum),
            [
                "Temperature  30 °C",
                "Latency",
                "  Median  900 µs",
                "Slots",
                "  Slot  Revision",
                "     1  A",
                "     2  -",
                "Names        x, y",
            ]
        )
    }

    func testNamedRowsAreATable() {
        func row(_ median: UInt64) -> Datum { .dictionary([.init("Median", .unsigned(median))]) }
        let datum = Datum.dictionary([
            .init(
                "Latencies",
                .dictionary([.init("Identify", row(900)), .init("VPD Read", row(12))])
            )
        ])
        XCTAssertEqual(
            Report().lines(datum),
            [
                "Latencies",
                "            Median",
                "  Identify  900 µs",
                "  VPD Read   12 µs",
            ]
        )
    }

    func testRecordsTooWideForTheTerminalAreListed() {
        let rows = Datum.list(
            (1...2).map { number in
                .dictionary([
                    .init("ErrorCount", .unsigned(number)), .init("StatusField", .unsigned(2)),
                ])
            }
        )
        XCTAssertEqual(Report(width: 40).lines(rows)[0], "Error count  Status field")
        XCTAssertEqual(
            Report(width: 20).lines(rows),
            ["Error count   1", "Status field  2", "", "Error count   2", "Status field  2"]
        )
    }

    func testLongValuesAreWrappedNotCut() {
        let datum = Datum.dictionary([.init("Flags", .text("one two three four five six"))])
        XCTAssertEqual(
            Report(width: 27).lines(datum),
            ["Flags  one two three four", "       five six"]
        )
        XCTAssertEqual(Columns.wrapped("abcdef gh", to: 4), ["abcd", "ef", "gh"])
    }
}
