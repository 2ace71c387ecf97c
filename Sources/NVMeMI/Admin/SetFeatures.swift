/// Set Features (Admin opcode 09h): changes the value of a feature, and its data for features that have some.
public struct SetFeatures: AdminRequest, Equatable {
    /// The command specific result.
    public typealias Reply = UInt32

    /// The feature.
    public var feature = FeatureIdentifier(rawValue: 0)
    /// True to keep the value over resets and power cycles.
    public var isSaved = false
    /// The controller that carries out the command.
    public var controller: UInt16 = 0
    /// The namespace, for features that belong to one.
    public var namespace: UInt32 = 0
    /// The value (dword 11).
    public var value: UInt32 = 0
    /// Dword 12, whose meaning depends on the feature.
    public var specific12: UInt32 = 0
    /// Dword 13, whose meaning depends on the feature.
    public var specific13: UInt32 = 0
    /// Dword 15, whose meaning depends on the feature.
    public var specific15: UInt32 = 0
    /// Index into the list of UUIDs, for vendor specific features.
    public var uuidIndex: UInt8 = 0
    /// Data, for features that have some; a multiple of 4 bytes.
    public var data: [UInt8] = []

    /// Sets feature 0, which is none.
    public init() {}

    /// Sets a feature.
    public init(
        _ feature: FeatureIdentifier,
        on controller: UInt16,
        namespace: UInt32 = 0,
        value: UInt32,
        data: [UInt8] = [],
        isSaved: Bool = false
    ) {
        self.feature = feature
        self.controller = controller
        self.namespace = namespace
        self.value = value
        self.data = data
        self.isSaved = isSaved
    }

    /// What is known of the command besides its bytes.
    public static let declaration = CommandDeclaration(
        admin: .setFeatures,
        deadline: .configuration,
        isRepeatable: true,
        requestFields: request.table
    )

    /// The fields of the request.
    public static let request = Layout<Self>(admin: "Set Features") {
        Field("namespace identifier", at: dword(1), \.namespace)
        Field("feature identifier", at: dword(10), bits: 0...7, \.feature)
        Field("save", at: dword(10), bit: 31, \.isSaved)
        Field("value", at: dword(11), \.value)
        Field("dword 12", at: dword(12), \.specific12)
        Field("dword 13", at: dword(13), \.specific13)
        Field("UUID index", at: dword(14), bits: 0...6, \.uuidIndex)
        Field("dword 15", at: dword(15), \.specific15)
    }

    /// The data.
    public var requestData: [UInt8] { data }

    /// Takes any.
    public mutating func setRequestData(_ data: [UInt8]) { self.data = data }

    /// The command specific result.
    public func readReply(_ reply: AdminReply) throws(DecodingError) -> UInt32 { reply.result }

    /// The command specific result.
    public func writeReply(_ reply: UInt32) -> AdminReply { AdminReply(result: reply) }
}
