/// The values of one feature.
struct FeatureValue: Equatable {
    /// Dword 11 of Set Features, and the result of Get Features.
    var value: UInt32
    /// The feature's data, when it has some.
    var data: [UInt8] = []
}
