/// A logical block format a namespace can be formatted with.
public struct BlockFormat: Sendable, Hashable {
    /// Bytes of data in a block, a power of two.
    public var dataSize: UInt32
    /// Bytes of metadata beside each block.
    public var metadataSize: UInt16
    /// Relative performance, 0 best … 3 degraded.
    public var relativePerformance: UInt8

    /// A format.
    ///
    /// - Parameters:
    ///   - dataSize: Bytes of data in a block, a power of two of at least 512.
    ///   - metadataSize: Bytes of metadata beside each block.
    ///   - relativePerformance: 0 best … 3 degraded.
    public init(dataSize: UInt32, metadataSize: UInt16 = 0, relativePerformance: UInt8 = 0) {
        self.dataSize = dataSize
        self.metadataSize = metadataSize
        self.relativePerformance = relativePerformance
    }
}
