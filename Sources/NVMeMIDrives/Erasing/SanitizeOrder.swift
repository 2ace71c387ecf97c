import EventLoop
public import NVMeMI
import NVMeMIClient

/// What is to be sanitized, and how.
public enum SanitizeOrder: Equatable, Sendable {
    /// All of the NVM subsystem.
    case subsystem(Sanitize)
    /// One namespace.
    case namespace(SanitizeNamespace)

    /// The controller that is asked.
    public var controller: UInt16 {
        switch self {
        case .subsystem(let command): command.controller
        case .namespace(let command): command.controller
        }
    }

    /// What is done.
    public var action: SanitizeAction {
        switch self {
        case .subsystem(let command): command.action
        case .namespace(let command): command.action
        }
    }

    /// The namespace that is concerned; nil for all.
    public var namespace: UInt32? {
        switch self {
        case .subsystem: nil
        case .namespace(let command): command.namespace
        }
    }

    /// The command that carries it out.
    public var opcode: AdminOpcode {
        switch self {
        case .subsystem: .sanitize
        case .namespace: .sanitizeNamespace
        }
    }

    /// What of it contradicts itself, in words; nil when nothing does.
    public var contradiction: String? {
        switch self {
        case .subsystem(let command): command.contradiction
        case .namespace(let command): command.contradiction
        }
    }

    /// Why a controller does not carry it out, as it says beforehand; nil when nothing speaks against it.
    ///
    /// - Parameter capabilities: What Identify Controller says (SANICAP).
    /// - Returns: The reason in words.
    public func objection(by capabilities: SanitizeCapabilities) -> String? {
        switch self {
        case .subsystem(let command): command.objection(by: capabilities)
        case .namespace(let command): command.objection(by: capabilities)
        }
    }

    /// Command dword 10, which the log keeps of the operation that it begins.
    var dword10: UInt32 {
        switch self {
        case .subsystem(let command): command.dword10
        case .namespace(let command): command.dword10
        }
    }

    /// What it says beside its action, by name.
    var parameters: [NamedValue] {
        guard action.beginsOperation else { return [] }
        switch self {
        case .subsystem(let command):
            var values: [NamedValue] = []
            if action == .overwrite {
                let passes = command.overwritePasses == 0 ? 16 : command.overwritePasses
                values += [
                    ("Passes", .unsigned8(passes)),
                    ("Pattern", .unsigned32(command.overwritePattern)),
                    ("InvertPattern", .boolean(command.invertsPattern)),
                ]
            }
            return values + [
                ("UnrestrictedExit", .boolean(command.allowsUnrestrictedExit)),
                ("NoDeallocate", .boolean(command.noDeallocate)),
                ("MediaVerification", .boolean(command.entersMediaVerification)),
            ]
        case .namespace(let command):
            return [
                ("UnrestrictedExit", .boolean(command.allowsUnrestrictedExit)),
                ("MediaVerification", .boolean(command.entersMediaVerification)),
            ]
        }
    }

    /// Has a controller begin it.
    ///
    /// - Throws: `DriveError`.
    @LoopActor
    func send(by controller: Controller, for requester: Requester) async throws(DriveError) {
        switch self {
        case .subsystem(let command):
            try await controller.endpoint.perform(command, for: requester, isWriting: true)
        case .namespace(let command):
            try await controller.endpoint.perform(command, for: requester, isWriting: true)
        }
    }
}
