/// Device Self-test (Admin opcode 14h): starts a self-test in the background, or aborts it.
public struct DeviceSelfTest: AdminRequest, Equatable {
    /// Nothing.
    public typealias Reply = Void

    /// The controller that is tested.
    public var controller: UInt16 = 0
    /// The namespace that is tested too: 0 for none, FFFFFFFFh for all that are attached.
    public var namespace: UInt32 = 0
    /// Which self-test.
    public var code = SelfTestCode.short
    /// Parameter of the self-test.
    public var parameter: UInt32 = 0

    /// The short self-test of the controller.
    public init() {}

    /// A self-test.
    public init(_ code: SelfTestCode, on controller: UInt16, namespace: UInt32 = 0) {
        self.code = code
        self.controller = controller
        self.namespace = namespace
    }

    /// What is known of the command besides its bytes.
    public static let declaration = CommandDeclaration(
        admin: .deviceSelfTest,
        deadline: .configuration,
        requestFields: request.table
    )

    /// The fields of the request.
    public static let request = Layout<Self>(admin: "Device Self-test") {
        Field("namespace identifier", at: dword(1), \.namespace)
        Field("self-test code", at: dword(10), bits: 0...3, \.code)
        Field("self-test parameter", at: dword(15), \.parameter)
    }
}
