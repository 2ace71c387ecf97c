import NVMeMI

/// Values as people read them.
enum Quantity {
    /// A number with its unit; what is no number is written as it is.
    static func text(_ datum: Datum, _ unit: Unit?, _ glyphs: Glyphs = .unicode) -> String {
        guard let number = datum.number else { return plain(datum) }
        switch unit {
        case .celsius?: return plain(datum) + " " + glyphs.celsius
        case .percent?: return plain(datum) + " %"
        case .watts?: return plain(datum) + " W"
        case .hours?: return plain(datum) + " h"
        case .minutes?: return plain(datum) + " min"
        case .seconds?: return plain(datum) + " s"
        case .milliseconds?: return plain(datum) + " ms"
        case .microseconds?: return plain(datum) + " \(glyphs.micro)s"
        case .moment?: return number < 1 ? "never" : Moment.described(UInt64(number))
        case .blocks?: return plain(datum) + " blocks"
        case .pages?: return pages(datum, number)
        case .namespace?: return number == 0xffff_ffff ? "all namespaces" : plain(datum)
        case .hertz?: return scaled(number, "Hz")
        // Small sizes are powers of two, which rounding makes unrecognizable.
        case .bytes?: return number < 10_000 ? plain(datum) + " B" : scaled(number, "B")
        case .dataUnits?: return plain(datum) + " (\(scaled(number * 512_000, "B")))"
        case .hexadecimal(let digits)?:
            guard case .unsigned(let value) = datum else { return plain(datum) }
            return "0x" + HexDump.digits(value, width: digits)
        case nil: return plain(datum)
        }
    }

    /// A size as a power of two pages, of which the smallest have 4 KiB.
    private static func pages(_ datum: Datum, _ exponent: Double) -> String {
        if exponent == 0 { return "no limit" }
        guard exponent < 40 else { return plain(datum) }
        let kibibytes = UInt64(4) << UInt64(exponent)
        let size = kibibytes < 1_024 ? "\(kibibytes) KiB" : "\(kibibytes / 1_024) MiB"
        return "\(size) (2^\(plain(datum)) pages of 4 KiB)"
    }

    /// A number with the unit that the name of its field tells.
    static func text(_ datum: Datum, field: String, _ glyphs: Glyphs = .unicode) -> String {
        text(datum, Unit.of(field), glyphs)
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
        case .list(let values): values.isEmpty ? "none" : list(values)
        case .dictionary(let entries):
            entries.map { "\($0.key)=\(plain($0.value))" }.joined(separator: " ")
        }
    }

    /// The values of a list; structures that are the same several times in a row are told once.
    private static func list(_ values: [Datum]) -> String {
        var parts: [String] = []
        var rest = values[...]
        while let value = rest.first {
            let count = rest.prefix { $0 == value }.count
            switch value {
            case .dictionary where count > 1:
                parts.append("\(count) times (\(plain(value)))")
                rest = rest.dropFirst(count)
                continue
            case .list, .dictionary: parts.append("(\(plain(value)))")
            default: parts.append(plain(value))
            }
            rest = rest.dropFirst()
        }
        return parts.joined(separator: ", ")
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
