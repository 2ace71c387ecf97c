/// Durations in logarithmic buckets of at most 12.5 % width: constant memory however many are added.
public struct LatencyHistogram: Sendable {
    /// Eight buckets to every doubling, from 1 microsecond to over an hour.
    private static let bucketsPerDoubling = 8
    private static let doublings = 32

    private var counts: [UInt32]
    /// How many durations were added.
    public private(set) var count: UInt64 = 0
    /// The shortest duration added, in microseconds; 0 when none was.
    public private(set) var minimum: UInt64 = 0
    /// The longest duration added, in microseconds.
    public private(set) var maximum: UInt64 = 0

    /// An empty histogram; its buckets are allocated with the first duration.
    public init() {
        counts = []
    }

    /// Adds one duration.
    public mutating func add(microseconds: UInt64) {
        if counts.isEmpty {
            counts = Array(repeating: 0, count: Self.bucketsPerDoubling * Self.doublings)
        }
        let bucket = Self.bucket(of: microseconds)
        counts[bucket] &+= 1
        minimum = count == 0 ? microseconds : Swift.min(minimum, microseconds)
        maximum = Swift.max(maximum, microseconds)
        count += 1
    }

    /// The duration that the given share of all durations does not exceed, in microseconds:
    /// the upper edge of its bucket, but never more than the maximum.
    public func quantile(_ share: Double) -> UInt64 {
        guard count > 0 else { return 0 }
        let wanted = UInt64((Double(count) * share).rounded(.up))
        var seen: UInt64 = 0
        for (bucket, number) in counts.enumerated() {
            seen += UInt64(number)
            if seen >= wanted {
                return Swift.max(minimum, Swift.min(maximum, Self.upperEdge(of: bucket)))
            }
        }
        return maximum
    }

    private static func bucket(of microseconds: UInt64) -> Int {
        guard microseconds >= UInt64(bucketsPerDoubling) else { return Int(microseconds) }
        let exponent = UInt64.bitWidth - 1 - microseconds.leadingZeroBitCount
        let fraction = Int((microseconds >> UInt64(exponent - 3)) & 7)
        let bucket = (exponent - 2) * bucketsPerDoubling + fraction
        return Swift.min(bucket, bucketsPerDoubling * doublings - 1)
    }

    private static func upperEdge(of bucket: Int) -> UInt64 {
        guard bucket >= bucketsPerDoubling else { return UInt64(bucket) }
        let exponent = bucket / bucketsPerDoubling + 2
        let fraction = UInt64(bucket % bucketsPerDoubling)
        let lower = (8 + fraction) << UInt64(exponent - 3)
        return lower + (1 << UInt64(exponent - 3)) - 1
    }
}
