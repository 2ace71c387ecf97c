/// How a number of a `Record` is shown; what `Presentation` is for fields of a `Layout`.
public struct NumberForm: Sendable {
    let shown: Shown
    let parameter: UInt32

    private init(_ shown: Shown, _ parameter: UInt32 = 0) {
        self.shown = shown
        self.parameter = parameter
    }

    /// As it is.
    public static let value = Self(.value)
    /// Not at all: a derived value says it better.
    public static let hidden = Self(.hidden)
    /// Left out when it is zero, which then means not reported.
    public static let nonZero = Self(.nonZero)
    /// One more, for what counts from zero on the wire.
    public static let onePlus = Self(.onePlus)
    /// Two to its power.
    public static let powerOfTwo = Self(.powerOfTwo)
    /// Kelvin as degrees Celsius; left out when it is zero or FFFFh, which is no temperature.
    public static let celsius = Self(.celsius)
    /// A version in three parts; left out when it is zero.
    public static let version = Self(.version)

    /// Left out when it is one number, which then means not reported.
    public static func except(_ number: UInt32) -> Self { Self(.except, number) }

    /// In units of `factor`, as the product; left out when it is zero.
    public static func times(_ factor: UInt32) -> Self { Self(.times, factor) }
}
