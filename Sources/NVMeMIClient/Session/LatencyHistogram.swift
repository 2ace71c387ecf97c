/// Durations in logarithmic buckets of at most 12.5 % width.
///
/// Only buckets that were hit take memory, 8 bytes each: the latencies of one command to one drive fall
/// into a handful.
public struct LatencyHistogram: Sendable {
    /// Eight buckets to every doubling, from 1 microsecond to over an hour.
    private static let bucketsPerDoubling = 8
    private static let doublings = 32

    private struct Bucket: Sendable {
        let number: UInt16
        var count: UInt32
    }

    /// In the order of their durations.
    private var buckets: [Bucket] = []
    /// How many durations were added.
    public private(set) var count: UInt64 = 0
    /// The shortest duration added, in microseconds; 0 when none was.
    public private(set) var minimum: UInt64 = 0
    /// The longest duration added, in microseconds.
    public private(set) var maximum: UInt64 = 0

    /// An empty histogram.
    public init() {}

    /// Adds one duration.
    public mutating func add(microseconds: UInt64) {
        let number = Self.bucket(of: microseconds)
        let place = buckets.firstIndex { $0.number >= number } ?? buckets.endIndex
        if place < buckets.endIndex, buckets[place].number == number {
            buckets[place].count &+= 1
        } else {
            buckets.insert(Bucket(number: number, count: 1), at: place)
        }
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
        for bucket in buckets {
            seen += UInt64(bucket.count)
            if seen >= wanted {
                return Swift.max(
                    minimum,
                    Swift.min(maximum, Self.upperEdge(of: Int(bucket.number)))
                )
            }
        }
        return maximum
    }

    private static func bucket(of microseconds: UInt64) -> UInt16 {
        guard microseconds >= UInt64(bucketsPerDoubling) else {
            return UInt16(truncatingIfNeeded: microseconds)
        }
        let exponent = UInt64.bitWidth - 1 - microseconds.leadingZeroBitCount
        let fraction = Int((microseconds >> UInt64(exponent - 3)) & 7)
        let bucket = (exponent - 2) * bucketsPerDoubling + fraction
        return UInt16(clamping: Swift.min(bucket, bucketsPerDoubling * doublings - 1))
    }

    private static func upperEdge(of bucket: Int) -> UInt64 {
        guard bucket >= bucketsPerDoubling else { return UInt64(bucket) }
        let exponent = bucket / bucketsPerDoubling + 2
        let fraction = UInt64(bucket % bucketsPerDoubling)
        let lower = (8 + fraction) << UInt64(exponent - 3)
        return lower + (1 << UInt64(exponent - 3)) - 1
    }
}
