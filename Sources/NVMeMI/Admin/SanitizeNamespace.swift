/// Sanitize Namespace (Admin opcode 8Ch, NVMe 2.2): erases all user data of one namespace, in the background after the
/// response.
///
/// What comes of it is told by the log page of Sanitize Status that is asked for that namespace.
public struct SanitizeNamespace: AdminRequest, Equatable {
    /// Nothing.
    public typealias Reply = Void

    /// The controller that carries out the command.
    public var controller: UInt16 = 0
    /// The namespace, an active one.
    public var namespace: UInt32 = 0
    /// What to do; of the ways of erasing there is only that of the keys.
    public var action = SanitizeAction.cryptoErase
    /// True to be able to leave the failure without a successful sanitize operation.
    public var allowsUnrestrictedExit = false
    /// True to stay in the state of media verification afterwards.
    public var entersMediaVerification = false

    /// Erases the keys of no namespace.
    public init() {}

    /// Does something to a namespace.
    public init(_ action: SanitizeAction, of namespace: UInt32, on controller: UInt16) {
        self.action = action
        self.namespace = namespace
        self.controller = controller
    }

    /// Command dword 10, which the log keeps of the operation that it begins.
    public var dword10: UInt32 {
        UInt32(truncatingIfNeeded: RecordView(encode(slot: .zero)).number(at: dword(10), 4))
    }

    /// What is known of the command besides its bytes.
    public static let declaration = CommandDeclaration(
        admin: .sanitizeNamespace,
        deadline: .long,
        requestFields: request.table
    )

    /// The fields of the request.
    public static let request = Layout<Self>(admin: "Sanitize Namespace") {
        Field("namespace identifier", at: dword(1), \.namespace)
        Field("sanitize action", at: dword(10), bits: 0...2, \.action)
        Field("allow unrestricted exit", at: dword(10), bit: 3, \.allowsUnrestrictedExit)
        Field("enter media verification state", at: dword(10), bit: 10, \.entersMediaVerification)
    }

    /// What of the command contradicts itself or the specification, in words; nil when nothing does.
    public var contradiction: String? {
        if action == .blockErase || action == .overwrite {
            return "a single namespace is erased by CryptoErase only, not by \(action)"
        }
        if namespace == 0 || namespace == GetLogPage.allNamespaces {
            return "\(namespace) is no namespace; without one the whole drive is sanitized"
        }
        // All else is as for a whole drive.
        var whole = Sanitize(action, on: controller)
        whole.allowsUnrestrictedExit = allowsUnrestrictedExit
        whole.entersMediaVerification = entersMediaVerification
        return whole.contradiction
    }

    /// Why a controller does not carry out the command, as it says beforehand (SANICAP).
    ///
    /// - Parameter capabilities: What Identify Controller says.
    /// - Returns: The reason in words; nil when nothing speaks against it.
    public func objection(by capabilities: SanitizeCapabilities) -> String? {
        var whole = Sanitize(action, on: controller)
        whole.entersMediaVerification = entersMediaVerification
        return whole.objection(by: capabilities)
    }
}
