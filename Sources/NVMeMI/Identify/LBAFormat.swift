/// LBA Format: how large logical blocks and their metadata are.
public struct LBAFormat: WireStructure {
    /// Bytes of metadata with each block.
    public var metadataSize: UInt16 = 0
    /// Bytes of data in a block as a power of two; 0 when the format is not in use.
    public var dataSizeExponent: UInt8 = 0
    /// Rank by performance: 0 is the best, 3 the worst.
    public var relativePerformance: UInt8 = 0

    /// A format that is not in use.
    public init() {}

    /// A format.
    public init(dataSizeExponent: UInt8, metadataSize: UInt16 = 0, relativePerformance: UInt8 = 0) {
        self.dataSizeExponent = dataSizeExponent
        self.metadataSize = metadataSize
        self.relativePerformance = relativePerformance
    }

    /// Bytes of data in a block, nil when the format is not in use or the size is absurd.
    public var dataSize: UInt64? {
        1..<64 ~= dataSizeExponent ? 1 << UInt64(dataSizeExponent) : nil
    }

    /// The fields and their places; sizes are in bytes.
    public static let layout = Layout<Self>("LBA Format", size: 4) {
        Field("MetadataSize", at: 0, \.metadataSize)
        Field("DataSize", at: 2, \.dataSizeExponent, shown: .hidden)
        Field(derived: "DataSize") { $0.dataSize.map { .unsigned64($0) } }
        Field("RelativePerformance", at: 3, bits: 0...1, \.relativePerformance)
    }
}
