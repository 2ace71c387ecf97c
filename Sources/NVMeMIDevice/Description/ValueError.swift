/// A value of a description or of a fault option that cannot be used.
public struct ValueError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, naming the value that was given.
    public let reason: String

    /// An error with a reason.
    ///
    /// - Parameter reason: What is wrong, naming the value that was given.
    public init(_ reason: String) {
        self.reason = reason
    }

    /// The reason.
    public var description: String { reason }
}

extension ValueError {
    /// An unsigned number that fits its type and a range.
    static func integer<Number: FixedWidthInteger & UnsignedInteger>(
        _ text: String,
        in range: ClosedRange<Number> = Number.min...Number.max
    ) throws(ValueError) -> Number {
        guard let wide = TextValue.integer(text) else {
            throw ValueError("'\(text)' is not a number")
        }
        guard let number = Number(exactly: wide), range.contains(number) else {
            throw ValueError("\(text) is not in \(range.lowerBound)…\(range.upperBound)")
        }
        return number
    }

    /// A value of an enumeration by its name.
    static func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ text: String
    ) throws(ValueError) -> Choice {
        guard let choice = Choice(rawValue: text) else {
            let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValueError("'\(text)' is not one of \(known)")
        }
        return choice
    }
}
