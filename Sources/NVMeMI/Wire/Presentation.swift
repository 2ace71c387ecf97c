/// How a field appears among the named values of its structure.
public struct Presentation<Value: Sendable>: Sendable {
    let values: @Sendable (_ name: String, _ value: Value) -> [NamedValue]

    init(_ values: @escaping @Sendable (_ name: String, _ value: Value) -> [NamedValue]) {
        self.values = values
    }

    /// Not at all: it is bookkeeping of the wire, or a derived value says it better.
    public static var hidden: Self { Self { _, _ in [] } }

    /// As something else; left out when that is nil.
    public static func with(_ show: @escaping @Sendable (Value) -> FieldValue?) -> Self {
        Self { name, value in show(value).map { [(name, $0)] } ?? [] }
    }
}

extension Presentation where Value: WireScalar {
    /// The values of a field that is known by its bits alone.
    var valuesOfBits: @Sendable (_ name: String, _ bits: UInt128) -> [NamedValue] {
        { [values] in values($0, Value(wireBits: $1)) }
    }

    /// As the value is by nature: a number, a yes or no, the name of a code, the names of flags.
    public static var value: Self { Self { [($0, $1.fieldValue)] } }

    /// Left out when all bits are zero, which then means that the device does not report it.
    public static var nonZero: Self { Self { $1.wireBits == 0 ? [] : [($0, $1.fieldValue)] } }
}

extension Presentation where Value: FixedWidthInteger & UnsignedInteger & WireScalar {
    /// A number that counts from zero on the wire, as the count that people mean.
    public static var onePlus: Self {
        Self { name, value in
            // One more than the greatest value needs the next wider case.
            switch Value.bitWidth {
            case ...8: [(name, .unsigned16(UInt16(truncatingIfNeeded: value) + 1))]
            case ...16: [(name, .unsigned32(UInt32(truncatingIfNeeded: value) + 1))]
            default: [(name, .unsigned64(UInt64(clamping: value).saturatingSuccessor))]
            }
        }
    }
}

extension Presentation where Value: FixedWidthInteger & UnsignedInteger & WireScalar {
    /// A number in units of `factor`, as the product; left out when it is zero, which then means not reported.
    ///
    /// 32 bits wide when the greatest product fits, else 64.
    public static func times(_ factor: UInt32) -> Self {
        let fits = Value.bitWidth <= 16 && factor <= 0x1_0000
        return Self { name, value in
            guard value != 0 else { return [] }
            let product = UInt64(clamping: value).multipliedReportingOverflow(by: UInt64(factor))
            let result = product.overflow ? UInt64.max : product.partialValue
            return [(name, fits ? .unsigned32(UInt32(clamping: result)) : .unsigned64(result))]
        }
    }

    /// An exponent of two as the power; an exponent that no 32 bits hold is left out.
    public static var powerOfTwo: Self {
        with { $0 < 32 ? .unsigned32(1 << UInt32(truncatingIfNeeded: $0)) : nil }
    }
}

extension UInt64 {
    fileprivate var saturatingSuccessor: UInt64 { self == .max ? self : self + 1 }
}

extension Presentation where Value == UInt16 {
    /// A temperature that is kelvin on the wire, as degrees Celsius; left out when it is 0 kelvin, which means not reported.
    public static var celsius: Self {
        with { $0 == 0 ? nil : .signed16(Temperature(kelvin: $0).celsius) }
    }
}

extension Presentation where Value: WireFlags {
    /// As the number, for flags whose names are shown under another key.
    public static var number: Self { Self { [($0, $1.rawValue.fieldValue)] } }

    /// As the number under the field's name, followed by the names of the flags under another.
    public static func number(andNames names: String) -> Self {
        Self { [($0, $1.rawValue.fieldValue), (names, .names($1.setNames))] }
    }
}

extension Presentation where Value: WireEnumeration {
    /// As the code, for fields whose codes are shown by name under another key.
    public static var code: Self { Self { [($0, $1.rawValue.fieldValue)] } }
}

extension Presentation where Value == [UInt8] {
    /// As bytes.
    public static var bytes: Self { Self { [($0, .bytes($1))] } }

    /// As bytes; left out when all are zero, which then means that the device has none.
    public static var nonZeroBytes: Self {
        with { $0.allSatisfy { $0 == 0 } ? nil : .bytes($0) }
    }
}

extension Presentation where Value: Collection, Value.Element: WireScalar {
    /// As a list.
    public static var list: Self { Self { [($0, .list($1.map(\.fieldValue)))] } }
}

extension Presentation where Value: Collection, Value.Element: WireStructure {
    /// As a list of dictionaries.
    public static var structures: Self {
        Self { [($0, .list($1.map { .dictionary($0.namedValues) }))] }
    }
}
