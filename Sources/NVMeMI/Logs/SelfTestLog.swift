/// Device Self-test (log page 06h): the present self-test and the results of the last twenty.
public struct SelfTestLog: WireStructure {
    /// The self-test that is in progress.
    public var currentOperation = SelfTestCode.none
    /// How far it is, in percent.
    public var currentCompletion: UInt8 = 0
    /// The last results, newest first, unused entries included.
    public var results: [SelfTestResult] = []

    /// No self-test, no results.
    public init() {}

    /// The fields and their places; unused entries are left out.
    public static let layout = Layout<Self>("Device Self-test", size: 564) {
        Field("CurrentOperation", at: 0, bits: 0...3, \.currentOperation)
        Field("CurrentCompletion", at: 1, bits: 0...6, \.currentCompletion)
        Field("Results", at: 4, structures: 20, \.results, shown: .hidden)
        Field(derived: "Results") { log in
            .list(
                log.results.filter { $0.outcome != .unused }.map { .dictionary($0.namedValues) }
            )
        }
    }
}

/// One result of a self-test.
public struct SelfTestResult: WireStructure {
    /// How it went.
    public var outcome = SelfTestOutcome.unused
    /// Which self-test it was.
    public var code = SelfTestCode.none
    /// The first segment that failed; means something only when a segment did.
    public var segment: UInt8 = 0
    /// Which of the fields below mean something.
    public var valid: SelfTestValidity = []
    /// Power-on hours when it ended.
    public var powerOnHours: UInt64 = 0
    /// Namespace in which it failed.
    public var namespace: UInt32 = 0
    /// Logical block at which it failed.
    public var failingBlock: UInt64 = 0
    /// Status code type of the failure.
    public var statusCodeType: UInt8 = 0
    /// Status code of the failure.
    public var statusCode: UInt8 = 0
    /// What the vendor says about it.
    public var vendorSpecific: UInt16 = 0

    /// An unused entry.
    public init() {}

    /// The fields and their places; fields that mean nothing are left out.
    public static let layout = Layout<Self>("Self-test Result", size: 28) {
        Field("Outcome", at: 0, bits: 0...3, \.outcome)
        Field("Operation", at: 0, bits: 4...7, \.code)
        Field("Segment", at: 1, \.segment, shown: .hidden)
        Field(derived: "Segment") { $0.outcome == .segmentFailed ? .unsigned8($0.segment) : nil }
        Field("Valid", at: 2, \.valid, shown: .hidden)
        Field("PowerOnHours", at: 4, \.powerOnHours)
        Field("NamespaceID", at: 12, \.namespace, shown: .hidden)
        Field(derived: "NamespaceID") {
            $0.valid.contains(.namespace) ? .unsigned32($0.namespace) : nil
        }
        Field("FailingBlock", at: 16, \.failingBlock, shown: .hidden)
        Field(derived: "FailingBlock") {
            $0.valid.contains(.failingBlock) ? .unsigned64($0.failingBlock) : nil
        }
        Field("StatusCodeType", at: 24, \.statusCodeType, shown: .hidden)
        Field("StatusCode", at: 25, \.statusCode, shown: .hidden)
        Field(derived: "StatusCodeType") {
            $0.valid.contains(.statusCodeType) ? .unsigned8($0.statusCodeType) : nil
        }
        Field(derived: "StatusCode") {
            $0.valid.contains(.statusCode) ? .unsigned8($0.statusCode) : nil
        }
        Field("VendorSpecific", at: 26, \.vendorSpecific, shown: .nonZero)
    }
}
