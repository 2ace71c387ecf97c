/// Values with their units, as people read them.
///
/// What an answer means follows from the name of its field; fields that are not known here are
/// written as they came.
enum Quantity {
    private enum Kind {
        case celsius, percent, hours, minutes, seconds, milliseconds, microseconds, bytes, hertz
        case hexadecimal
        /// Thousands of 512-byte blocks, the unit in which drives count what was read and written.
        case dataUnits
    }

    private static let kinds: [String: Kind] = [
        "AvailableSpare": .percent, "AvailableSpareThreshold": .percent, "PercentageUsed": .percent,
        "PercentageDriveLifeUsed": .percent, "Progress": .percent,
        "DataUnitsRead": .dataUnits, "DataUnitsWritten": .dataUnits,
        "ControllerBusyTime": .minutes, "WarningCompositeTemperatureTime": .minutes,
        "CriticalCompositeTemperatureTime": .minutes, "WarningTemperatureTime": .minutes,
        "CriticalTemperatureTime": .minutes,
        "PowerOnHours": .hours,
        "TotalCapacity": .bytes, "UnallocatedCapacity": .bytes, "NVMCapacity": .bytes,
        "BytesSent": .bytes, "BytesReceived": .bytes,
        "MaximumTransmissionUnit": .bytes, "MCTPTransmissionUnit": .bytes,
        "ManagementEndpointBufferSize": .bytes,
        "SMBusFrequency": .hertz,
        "Minimum": .microseconds, "Median": .microseconds, "Percentile99": .microseconds,
        "Maximum": .microseconds,
        "VendorID": .hexadecimal, "SubsystemVendorID": .hexadecimal, "PCIVendorID": .hexadecimal,
        "DeviceID": .hexadecimal, "PCIDeviceID": .hexadecimal, "SubsystemDeviceID": .hexadecimal,
        "PCISubsystemVendorID": .hexadecimal,
        "PCISubsystemDeviceID": .hexadecimal, "IEEEOUI": .hexadecimal,
    ]

    /// How a field's value is written for people.
    static func text(_ datum: Datum, field: String) -> String {
        guard let number = datum.number else { return plain(datum) }
        switch kind(field) {
        case .celsius?: return plain(datum) + " °C"
        case .percent?: return plain(datum) + " %"
        case .hours?: return plain(datum) + " h"
        case .minutes?: return plain(datum) + " min"
        case .seconds?: return plain(datum) + " s"
        case .milliseconds?: return plain(datum) + " ms"
        case .microseconds?: return plain(datum) + " µs"
        case .bytes?: return scaled(number, "B")
        case .hertz?: return scaled(number, "Hz")
        case .dataUnits?: return plain(datum) + " (\(scaled(number * 512_000, "B")))"
        case .hexadecimal?:
            guard case .unsigned(let value) = datum else { return plain(datum) }
            return "0x" + HexDump.digits(value, width: 4)
        case nil: return plain(datum)
        }
    }

    /// A value without any knowledge of its meaning.
    static func plain(_ datum: Datum) -> String {
        switch datum {
        case .null: "-"
        case .boolean(let value): value ? "yes" : "no"
        case .integer(let value): String(value)
        case .unsigned(let value): String(value)
        case .real(let value): real(value)
        case .text(let value): value.isEmpty ? "-" : value
        case .bytes(let bytes): bytes.isEmpty ? "-" : HexDump.digits(bytes)
        case .list(let values):
            values.isEmpty ? "none" : values.map(plain).joined(separator: ", ")
        case .dictionary(let entries):
            entries.map { "\($0.key)=\(plain($0.value))" }.joined(separator: " ")
        }
    }

    /// A number of units in the decimal multiple that leaves the fewest digits.
    static func scaled(_ number: Double, _ unit: String) -> String {
        var value = number
        var multiple = ""
        for next in ["k", "M", "G", "T", "P", "E"] where value >= 1000 {
            value /= 1000
            multiple = next
        }
        return "\(hundredths(value)) \(multiple)\(unit)"
    }

    private static func kind(_ field: String) -> Kind? {
        if let kind = kinds[field] { return kind }
        if field.contains("Temperature"), !field.hasSuffix("Count"), !field.hasSuffix("Time") {
            return .celsius
        }
        if field.hasSuffix("Milliseconds") { return .milliseconds }
        if field.hasSuffix("Microseconds") { return .microseconds }
        if field.hasSuffix("Seconds") { return .seconds }
        return nil
    }

    private static func real(_ value: Double) -> String {
        guard value.isFinite else { return "-" }
        return value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : "\(value)"
    }

    /// At most two digits after the point, and no zeros at the end.
    private static func hundredths(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
        let scaled = Int64((value * 100).rounded())
        let (whole, fraction) = scaled.quotientAndRemainder(dividingBy: 100)
        guard fraction != 0 else { return String(whole) }
        let digits = fraction < 10 ? "0\(fraction)" : "\(fraction)"
        return "\(whole).\(digits.hasSuffix("0") ? String(digits.dropLast()) : digits)"
    }
}
