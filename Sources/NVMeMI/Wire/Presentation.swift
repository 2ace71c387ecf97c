/// How a field appears among the named values of its structure.
public struct Presentation<Value: Sendable>: Sendable {
    let shown: Shown
    let parameter: UInt32
    let code: FieldCode?

    @inline(__always)
    init(_ shown: Shown, _ parameter: UInt32 = 0, _ code: FieldCode? = nil) {
        self.shown = shown
        self.parameter = parameter
        self.code = code
    }

    /// Not at all: it is bookkeeping of the wire, or a derived value says it better.
    @inline(__always)
    public static var hidden: Self { Self(.hidden) }

    /// As something else; left out when that is nil.
    @inline(__always)
    public static func with(_ show: @escaping @Sendable (Value) -> FieldValue?) -> Self {
        Self(.code, 0, .show { show($0.structure(Value.self)) })
    }
}

/// The number of a presentation.
enum Shown: UInt8 {
    case hidden
    case value
    case nonZero
    case except
    case number
    case onePlus
    case times
    case powerOfTwo
    case celsius
    case version
    case firmwareGranularity
    case text
    case nonEmptyText
    case bytes
    case nonZeroBytes
    case digits
    case list
    case sensors
    case code
}

extension Presentation where Value: WireScalar {
    /// As the value is by nature: a number, a yes or no, the name of a code, the names of flags.
    @inline(__always)
    public static var value: Self { Self(.value) }

    /// Left out when all bits are zero, which then means that the device does not report it.
    @inline(__always)
    public static var nonZero: Self { Self(.nonZero) }

    /// As the number, for codes and flags whose names are shown under another key.
    @inline(__always)
    public static var number: Self { Self(.number) }
}

extension Presentation where Value: FixedWidthInteger & UnsignedInteger & WireScalar {
    /// Left out when it is one number, which then means that the device does not report it.
    @inline(__always)
    public static func except(_ number: UInt32) -> Self { Self(.except, number) }

    /// A number that counts from zero on the wire, as the count that people mean.
    @inline(__always)
    public static var onePlus: Self { Self(.onePlus) }

    /// A number in units of `factor`, as the product; left out when it is zero, which then means not reported.
    ///
    /// 32 bits wide when the greatest product fits, else 64.
    @inline(__always)
    public static func times(_ factor: UInt32) -> Self { Self(.times, factor) }

    /// An exponent of two as the power; an exponent that no 32 bits hold is left out.
    @inline(__always)
    public static var powerOfTwo: Self { Self(.powerOfTwo) }
}

extension Presentation where Value == UInt8 {
    /// Units of 4 KiB, of which 0 says nothing and FFh stands for no restriction but that of whole dwords.
    @inline(__always)
    static var firmwareGranularity: Self { Self(.firmwareGranularity) }
}

extension Presentation where Value == UInt16 {
    /// A temperature that is kelvin on the wire, as degrees Celsius; left out when it is 0 kelvin, which means not reported,
    /// or FFFFh, which is none.
    @inline(__always)
    public static var celsius: Self { Self(.celsius) }
}

extension Presentation where Value == UInt32 {
    /// A version in three parts, as `1.4.0`; left out when it is 0, as controllers before NVMe 1.2 have it.
    @inline(__always)
    static var version: Self { Self(.version) }
}

extension Presentation where Value == [UInt8] {
    /// As bytes.
    @inline(__always)
    public static var bytes: Self { Self(.bytes) }

    /// As bytes; left out when all are zero, which then means that the device has none.
    @inline(__always)
    public static var nonZeroBytes: Self { Self(.nonZeroBytes) }

    /// As hexadecimal digits; left out when all are zero, which then means that there is none.
    @inline(__always)
    public static var digits: Self { Self(.digits) }
}

extension Presentation where Value == [UInt16] {
    /// As a list.
    @inline(__always)
    public static var list: Self { Self(.list) }

    /// One temperature per sensor under its own name, such as `TemperatureSensor3`, in degrees Celsius.
    @inline(__always)
    static var sensors: Self { Self(.sensors) }
}

extension Presentation where Value: Collection, Value.Element: WireStructure {
    /// As a list of dictionaries.
    @inline(__always)
    public static var structures: Self { Self(.code) }
}
