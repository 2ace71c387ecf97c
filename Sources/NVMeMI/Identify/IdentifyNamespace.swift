/// Identify Namespace of the NVM command set (CNS 00h and 11h): what a namespace is.
public struct IdentifyNamespace: WireStructure {
    /// Size in logical blocks (NSZE).
    public var size: UInt64 = 0
    /// Logical blocks that may be allocated at once (NCAP).
    public var capacity: UInt64 = 0
    /// Logical blocks that are allocated now (NUSE).
    public var utilization: UInt64 = 0
    /// What the namespace can do.
    public var features: NamespaceFeatures = []
    /// Which of the fields about granularity mean something (OPTPERF).
    public var optimalPerformanceFields: UInt8 = 0
    /// Bits of the features without a meaning yet.
    public var reservedFeatures: UInt8 = 0
    /// Number of LBA formats, less one.
    public var greatestLBAFormat: UInt8 = 0
    /// Lower bits of the index of the LBA format.
    public var formatIndexLow: UInt8 = 0
    /// True when metadata lies behind the data of each block instead of in a buffer of its own.
    public var isMetadataInterleaved = false
    /// Upper bits of the index of the LBA format.
    public var formatIndexHigh: UInt8 = 0
    /// How metadata can be transferred: bit 0 interleaved, bit 1 apart.
    public var metadataCapabilities: UInt8 = 0
    /// End-to-end protection that is possible: types 1 to 3 in bits 2:0, first bytes bit 3, last
    /// bytes bit 4.
    public var protectionCapabilities: UInt8 = 0
    /// End-to-end protection that is in use, 0 for none.
    public var protectionType: UInt8 = 0
    /// True when the protection is in the first bytes of the metadata.
    public var isProtectionFirst = false
    /// True when several controllers can have the namespace attached at once.
    public var isShared = false
    /// Which reservations are possible, one bit each.
    public var reservationCapabilities: UInt8 = 0
    /// Percentage of a format that remains; means something only when it is supported.
    public var formatPercentageRemaining: UInt8 = 0
    /// True when the remaining percentage of a format is known.
    public var isFormatProgressSupported = false
    /// What deallocated logical blocks read as.
    public var deallocateFeatures: UInt8 = 0
    /// Logical blocks that are written atomically, less one; 0 as the controller has it.
    public var atomicWriteUnitNormal: UInt16 = 0
    /// Logical blocks that are written atomically when power fails, less one; 0 as the controller
    /// has it.
    public var atomicWriteUnitPowerFail: UInt16 = 0
    /// Logical blocks that are compared and written atomically, less one; 0 as the controller has
    /// it.
    public var atomicCompareAndWriteUnit: UInt16 = 0
    /// Logical blocks between atomic boundaries, less one; 0 without boundaries.
    public var atomicBoundarySizeNormal: UInt16 = 0
    /// The first logical block at an atomic boundary.
    public var atomicBoundaryOffset: UInt16 = 0
    /// Logical blocks between atomic boundaries when power fails, less one; 0 without boundaries.
    public var atomicBoundarySizePowerFail: UInt16 = 0
    /// Logical blocks between boundaries that I/O should not cross; 0 when not reported.
    public var optimalIOBoundary: UInt16 = 0
    /// Capacity of the namespace in bytes; 0 when not reported.
    public var nvmCapacity: UInt128 = 0
    /// Preferred granularity of writes in logical blocks, less one.
    public var preferredWriteGranularity: UInt16 = 0
    /// Preferred alignment of writes in logical blocks, less one.
    public var preferredWriteAlignment: UInt16 = 0
    /// Preferred granularity of deallocation in logical blocks, less one.
    public var preferredDeallocateGranularity: UInt16 = 0
    /// Preferred alignment of deallocation in logical blocks, less one.
    public var preferredDeallocateAlignment: UInt16 = 0
    /// Optimal size of writes in logical blocks, less one.
    public var optimalWriteSize: UInt16 = 0
    /// Greatest number of logical blocks in a source range of Copy.
    public var maximumCopySourceRangeLength: UInt16 = 0
    /// Greatest number of logical blocks in all source ranges of Copy.
    public var maximumCopyLength: UInt32 = 0
    /// Greatest number of source ranges of Copy, less one.
    public var maximumCopySourceRangeCount: UInt8 = 0
    /// State of a key per I/O.
    public var keyPerIOStatus: UInt8 = 0
    /// Number of further LBA formats whose attributes are unique.
    public var uniqueAttributeLBAFormatCount: UInt8 = 0
    /// Alignment and granularity of data with a key per I/O.
    public var keyPerIOGranularity: UInt32 = 0
    /// Group of asymmetric namespace access; 0 for none.
    public var asymmetricAccessGroupID: UInt32 = 0
    /// True when the namespace can only be read.
    public var isWriteProtected = false
    /// NVM set that the namespace is in; 0 when not reported.
    public var nvmSetID: UInt16 = 0
    /// Endurance group that the namespace is in; 0 when not reported.
    public var enduranceGroupID: UInt16 = 0
    /// Namespace Globally Unique Identifier, most significant byte first; zero for none.
    public var nguid: [UInt8] = []
    /// IEEE Extended Unique Identifier, most significant byte first; zero for none.
    public var eui64: [UInt8] = []
    /// LBA formats 0 to 63; those beyond the number of formats are meaningless.
    public var lbaFormats: [LBAFormat] = []
    /// What the vendor put behind it.
    public var vendorSpecific: [UInt8] = []

    /// A namespace without size.
    public init() {}

    /// Index of the LBA format in use.
    public var formatIndex: UInt8 {
        get { formatIndexHigh << 4 | formatIndexLow }
        set {
            formatIndexLow = newValue & 0xF
            formatIndexHigh = newValue >> 4 & 0x3
        }
    }

    /// The LBA format in use, nil when there is none with its index.
    public var format: LBAFormat? {
        lbaFormats.indices.contains(Int(formatIndex)) ? lbaFormats[Int(formatIndex)] : nil
    }

    /// The LBA formats that mean something.
    public var supportedFormats: ArraySlice<LBAFormat> {
        lbaFormats.prefix(Int(greatestLBAFormat) + 1 + Int(uniqueAttributeLBAFormatCount))
    }

    /// Size in bytes without metadata, nil when the LBA format is not known.
    public var sizeInBytes: UInt128? { format?.dataSize.map { UInt128($0) * UInt128(size) } }

    /// Bytes that are allocated now without metadata, nil when the LBA format is not known.
    public var utilizationInBytes: UInt128? {
        format?.dataSize.map { UInt128($0) * UInt128(utilization) }
    }

    /// The fields and their places.
    ///
    /// Sizes are in logical blocks except `LogicalBlockSize`, `MetadataSize` and `NVMCapacity`, which are in bytes. Counts
    /// are from one, and left out where other fields say that they mean nothing.
    public static let layout = Layout<Self>("Identify Namespace", size: 4096) {
        Field("Size", at: 0, \.size)
        Field("Capacity", at: 8, \.capacity)
        Field("Utilization", at: 16, \.utilization)
        Field("Features", at: 24, bits: 0...3, \.features)
        Field("OptimalPerformanceFields", at: 24, bits: 4...5, \.optimalPerformanceFields)
        Field("FeaturesReserved", at: 24, bits: 6...7, \.reservedFeatures, shown: .hidden)
        Field("LBAFormatCount", at: 25, \.greatestLBAFormat, shown: .onePlus)
        Field("FormatIndexLow", at: 26, bits: 0...3, \.formatIndexLow, shown: .hidden)
        Field("MetadataInterleaved", at: 26, bit: 4, \.isMetadataInterleaved)
        Field("FormatIndexHigh", at: 26, bits: 5...6, \.formatIndexHigh, shown: .hidden)
        Field(derived: "LBAFormat") { .unsigned8($0.formatIndex) }
        Field(derived: "LogicalBlockSize") { namespace in
            namespace.format?.dataSize.map { .unsigned64($0) }
        }
        Field(derived: "MetadataSize") { namespace in
            namespace.format.map { .unsigned16($0.metadataSize) }
        }
        Field("MetadataCapabilities", at: 27, \.metadataCapabilities)
        Field("ProtectionCapabilities", at: 28, \.protectionCapabilities)
        Field("ProtectionType", at: 29, bits: 0...2, \.protectionType)
        Field("ProtectionFirst", at: 29, bit: 3, \.isProtectionFirst)
        Field("Shared", at: 30, bit: 0, \.isShared)
        Field("ReservationCapabilities", at: 31, \.reservationCapabilities)
        Field("FormatProgress", at: 32, bits: 0...6, \.formatPercentageRemaining, shown: .hidden)
        Field(
            "FormatProgressSupported",
            at: 32,
            bit: 7,
            \.isFormatProgressSupported,
            shown: .hidden
        )
        Field(derived: "FormatPercentageRemaining") {
            $0.isFormatProgressSupported ? .unsigned8($0.formatPercentageRemaining) : nil
        }
        Field("DeallocateFeatures", at: 33, \.deallocateFeatures)
        Field("AtomicWriteUnitNormal", at: 34, \.atomicWriteUnitNormal, shown: .hidden)
        Field(derived: "AtomicWriteUnitNormal") {
            oneMore(than: $0.atomicWriteUnitNormal, if: $0.features.contains(.namespaceAtomics))
        }
        Field("AtomicWriteUnitPowerFail", at: 36, \.atomicWriteUnitPowerFail, shown: .hidden)
        Field(derived: "AtomicWriteUnitPowerFail") {
            oneMore(than: $0.atomicWriteUnitPowerFail, if: $0.features.contains(.namespaceAtomics))
        }
        Field("AtomicCompareAndWriteUnit", at: 38, \.atomicCompareAndWriteUnit, shown: .hidden)
        Field(derived: "AtomicCompareAndWriteUnit") {
            oneMore(than: $0.atomicCompareAndWriteUnit, if: $0.features.contains(.namespaceAtomics))
        }
        Field("AtomicBoundarySizeNormal", at: 40, \.atomicBoundarySizeNormal, shown: .hidden)
        Field(derived: "AtomicBoundarySizeNormal") {
            oneMore(than: $0.atomicBoundarySizeNormal, if: $0.atomicBoundarySizeNormal != 0)
        }
        Field("AtomicBoundaryOffset", at: 42, \.atomicBoundaryOffset)
        Field("AtomicBoundarySizePowerFail", at: 44, \.atomicBoundarySizePowerFail, shown: .hidden)
        Field(derived: "AtomicBoundarySizePowerFail") {
            oneMore(than: $0.atomicBoundarySizePowerFail, if: $0.atomicBoundarySizePowerFail != 0)
        }
        Field("OptimalIOBoundary", at: 46, \.optimalIOBoundary, shown: .nonZero)
        Field("NVMCapacity", at: 48, \.nvmCapacity, shown: .nonZero)
        Field("PreferredWriteGranularity", at: 64, \.preferredWriteGranularity, shown: .hidden)
        Field(derived: "PreferredWriteGranularity") {
            oneMore(than: $0.preferredWriteGranularity, if: $0.optimalPerformanceFields != 0)
        }
        Field("PreferredWriteAlignment", at: 66, \.preferredWriteAlignment, shown: .hidden)
        Field(derived: "PreferredWriteAlignment") {
            oneMore(than: $0.preferredWriteAlignment, if: $0.optimalPerformanceFields != 0)
        }
        Field(
            "PreferredDeallocateGranularity",
            at: 68,
            \.preferredDeallocateGranularity,
            shown: .hidden
        )
        Field(derived: "PreferredDeallocateGranularity") {
            oneMore(than: $0.preferredDeallocateGranularity, if: $0.optimalPerformanceFields != 0)
        }
        Field(
            "PreferredDeallocateAlignment",
            at: 70,
            \.preferredDeallocateAlignment,
            shown: .hidden
        )
        Field(derived: "PreferredDeallocateAlignment") {
            oneMore(than: $0.preferredDeallocateAlignment, if: $0.optimalPerformanceFields != 0)
        }
        Field("OptimalWriteSize", at: 72, \.optimalWriteSize, shown: .hidden)
        Field(derived: "OptimalWriteSize") {
            oneMore(than: $0.optimalWriteSize, if: $0.optimalPerformanceFields != 0)
        }
        Field(
            "MaximumCopySourceRangeLength",
            at: 74,
            \.maximumCopySourceRangeLength,
            shown: .nonZero
        )
        Field("MaximumCopyLength", at: 76, \.maximumCopyLength, shown: .nonZero)
        Field("MaximumCopySourceRangeCount", at: 80, \.maximumCopySourceRangeCount, shown: .hidden)
        Field(derived: "MaximumCopySourceRangeCount") {
            oneMore(than: $0.maximumCopySourceRangeCount, if: $0.maximumCopyLength != 0)
        }
        Field("KeyPerIOStatus", at: 81, \.keyPerIOStatus, shown: .nonZero)
        Field(
            "UniqueAttributeLBAFormatCount",
            at: 82,
            \.uniqueAttributeLBAFormatCount,
            shown: .nonZero
        )
        Field("KeyPerIOGranularity", at: 84, \.keyPerIOGranularity, shown: .nonZero)
        Field("AsymmetricAccessGroupID", at: 92, \.asymmetricAccessGroupID, shown: .nonZero)
        Field("WriteProtected", at: 99, bit: 0, \.isWriteProtected)
        Field("NVMSetID", at: 100, \.nvmSetID, shown: .nonZero)
        Field("EnduranceGroupID", at: 102, \.enduranceGroupID, shown: .nonZero)
        Field("NGUID", at: 104, bytes: 16, \.nguid, shown: .digits)
        Field("EUI64", at: 120, bytes: 8, \.eui64, shown: .digits)
        Field("LBAFormats", at: 128, structures: 64, \.lbaFormats, shown: .hidden)
        Field(derived: "LBAFormats") { namespace in
            .list(namespace.supportedFormats.map { .dictionary($0.namedValues) })
        }
        Field("VendorSpecific", at: 384, bytes: 3712, \.vendorSpecific, shown: .hidden)
    }
}

/// A count that is one less on the wire, nil unless other fields say that it means something.
private func oneMore(
    than count: some FixedWidthInteger & UnsignedInteger,
    if isMeaningful: Bool
) -> FieldValue? {
    isMeaningful ? .unsigned32(UInt32(clamping: count) &+ 1) : nil
}

/// What a namespace can do (NSFEAT 3:0).
public struct NamespaceFeatures: WireFlags {
    /// The bits.
    public let rawValue: UInt8

    /// The flags with these bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The capacity may be less than the size.
    public static let thinProvisioning = Self(rawValue: 1 << 0)
    /// The atomic units of the namespace count instead of those of the controller.
    public static let namespaceAtomics = Self(rawValue: 1 << 1)
    /// Reading deallocated or unwritten blocks can be an error.
    public static let deallocatedError = Self(rawValue: 1 << 2)
    /// Its identifiers are never given to another namespace.
    public static let identifiersNeverReused = Self(rawValue: 1 << 3)

    /// Names of the bits.
    public static let names: [(bit: Int, name: String)] = [
        (0, "ThinProvisioning"),
        (1, "NamespaceAtomics"),
        (2, "DeallocatedError"),
        (3, "IdentifiersNeverReused"),
    ]
}
