/// Get Features (Admin opcode 0Ah): the value of a feature, and its data for features that have some.
public struct GetFeatures: AdminRequest, Equatable {
    /// The value in `result`, and the data.
    public typealias Reply = AdminReply

    /// The feature.
    public var feature = FeatureIdentifier(rawValue: 0)
    /// Which of its values.
    public var selection = FeatureSelection.current
    /// The controller that carries out the command.
    public var controller: UInt16 = 0
    /// The namespace, for features that belong to one.
    public var namespace: UInt32 = 0
    /// Dword 11, whose meaning depends on the feature.
    public var specific: UInt32 = 0
    /// Index into the list of UUIDs, for vendor specific features.
    public var uuidIndex: UInt8 = 0
    /// Bytes of data to return, 0 for features without any; a multiple of 4.
    public var dataLength: UInt32 = 0

    /// Gets feature 0, which is none.
    public init() {}

    /// Gets a feature.
    public init(
        _ feature: FeatureIdentifier,
        on controller: UInt16,
        namespace: UInt32 = 0,
        selection: FeatureSelection = .current,
        specific: UInt32 = 0,
        length: UInt32 = 0
    ) {
        self.feature = feature
        self.controller = controller
        self.namespace = namespace
        self.selection = selection
        self.specific = specific
        dataLength = length
    }

    /// What is known of the command besides its bytes.
    public static let declaration = CommandDeclaration(
        admin: .getFeatures,
        .mandatory,
        deadline: .read,
        isRepeatable: true,
        requestFields: request.table
    )

    /// The fields of the request.
    public static let request = Layout<Self>(admin: "Get Features") {
        Field("namespace identifier", at: dword(1), \.namespace)
        Field("feature identifier", at: dword(10), bits: 0...7, \.feature)
        Field("select", at: dword(10), bits: 8...10, \.selection)
        Field("feature specific", at: dword(11), \.specific)
        Field("UUID index", at: dword(14), bits: 0...6, \.uuidIndex)
    }
}
