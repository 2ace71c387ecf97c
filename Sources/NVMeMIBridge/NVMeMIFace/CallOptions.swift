import DBus
import MCTP
import NVMeMI

/// The last argument of many methods: named options.
///
/// Every one that is given must be known and of a fitting type; what is left over after a method
/// has taken its own is refused.
struct CallOptions {
    private var values: VariantDictionary
    private var known: [String] = []

    init(_ values: VariantDictionary) {
        self.values = values
    }

    /// Takes a number within a range; nil when the option is not given.
    mutating func number<Number: FixedWidthInteger>(
        _ name: String,
        in range: ClosedRange<Number>
    ) throws -> Number? {
        guard let value = take(name) else { return nil }
        guard let number = value.integer.flatMap(Number.init(exactly:)), range.contains(number)
        else {
            throw BusErrors.invalidArgument(
                "option '\(name)' is \(value.text); it takes an integer from \(range.lowerBound) "
                    + "to \(range.upperBound)"
            )
        }
        return number
    }

    /// Takes a truth value; nil when the option is not given.
    mutating func flag(_ name: String) throws -> Bool? {
        guard let value = take(name) else { return nil }
        guard case .boolean(let flag) = value else {
            throw BusErrors.invalidArgument(
                "option '\(name)' is \(value.text); it takes a boolean (b)"
            )
        }
        return flag
    }

    /// Takes a text; nil when the option is not given.
    mutating func text(_ name: String) throws -> String? {
        guard let value = take(name) else { return nil }
        guard case .string(let text) = value else {
            throw BusErrors.invalidArgument(
                "option '\(name)' is \(value.text); it takes a text (s)"
            )
        }
        return text
    }

    /// Takes the serial number of the drive that the caller means, `serial-number`.
    mutating func serialNumber() throws -> String? { try text("serial-number") }

    /// Takes whether something is to be sent that the drive is known not to have, `force`.
    mutating func isForced() throws -> Bool { try flag("force") ?? false }

    /// Takes the path of an endpoint, be it published or not; nil when the option is not given.
    mutating func endpoint(_ name: String) throws -> EndpointAddress? {
        guard let value = take(name) else { return nil }
        guard case .objectPath(let path) = value, let address = BusPaths.address(of: path) else {
            throw BusErrors.invalidArgument(
                "option '\(name)' is \(value.text); it takes the path of an endpoint (o), such as "
                    + "\(BusPaths.root)/networks/1/endpoints/9"
            )
        }
        return address
    }

    /// Takes the value of a field; nil when the option is not given.
    mutating func fieldValue(_ name: String) throws -> FieldValue? {
        try take(name).map { try FieldValue($0, of: name) }
    }

    /// Whether an option is given.
    func isGiven(_ name: String) -> Bool { values[name] != nil }

    /// Takes the caller's time limit, `timeout-ms`.
    mutating func timeLimit(upTo longest: UInt32 = 600_000) throws -> Duration? {
        try number("timeout-ms", in: 1...longest).map { .milliseconds(Int64($0)) }
    }

    /// Refuses options that nobody has taken.
    func finish() throws {
        let unknown = values.keys.filter { !known.contains($0) }
        guard !unknown.isEmpty else { return }
        let names = unknown.map { "'\($0)'" }.joined(separator: ", ")
        throw BusErrors.invalidArgument(
            "unknown option \(names); the options are \(known.joined(separator: ", "))"
        )
    }

    private mutating func take(_ name: String) -> Value? {
        known.append(name)
        return values[name]
    }
}
