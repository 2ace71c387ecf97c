import DBus
import EventLoop
import NVMeMI
import NVMeMIDrives

extension Interface where Object == Endpoint {
    /// Members that reset the NVM subsystem and shut it down.
    @InterfaceBuilder<Endpoint>
    static var powerMembers: [InterfaceMember<Endpoint>] {
        Method(
            "Reset",
            """
            Resets the NVM subsystem, with all its controllers. A drive does not answer a reset that it \
            carries out: returns also when there was no answer; State tells what comes of it. Options: \
            serial-number (s), the drive's, which has to be given (see require-serial-number in the \
            configuration); force (b) for a drive that does not list the command; timeout-ms (u, 1 to \
            600000).
            """,
            in: ["options"]
        ) { (endpoint: Endpoint, call: Invocation, options: VariantDictionary) async throws in
            try await endpoint.reset(options, for: call)
        }

        Method(
            "Shutdown",
            """
            Shuts the NVM subsystem down; the drive answers when it has begun. Kinds: normal, abrupt. \
            Options: serial-number (s), the drive's, which has to be given (see require-serial-number in \
            the configuration); force (b) for a drive that does not list the command; timeout-ms (u, 1 to \
            600000).
            """,
            in: ["kind", "options"]
        ) {
            (
                endpoint: Endpoint,
                call: Invocation,
                kind: String,
                options: VariantDictionary
            ) async throws in
            try await endpoint.shutDown(kind, options, for: call)
        }
    }
}

extension Endpoint {
    func reset(_ options: VariantDictionary, for call: Invocation) async throws {
        let asked = try StopOptions(options)
        try await call.recording("Reset", on: self) {
            try check(serialNumber: asked.serialNumber, before: "Reset")
            let declaration = SubsystemReset.declaration
            try check(declaration.category, declaration.opcode, isForced: asked.isForced)
            try await resetSubsystem(for: call.requester, timeLimit: asked.timeLimit)
        }
    }

    fileprivate func shutDown(
        _ kind: String,
        _ options: VariantDictionary,
        for call: Invocation
    ) async throws {
        let type: ShutdownType
        switch kind {
        case "normal": type = .normal
        case "abrupt": type = .abrupt
        default:
            throw BusErrors.invalidArgument(
                "there is no shutdown '\(kind)'; it is normal or abrupt"
            )
        }
        let asked = try StopOptions(options)
        try await call.recording("Shutdown", on: self, [("kind", kind)]) {
            try check(serialNumber: asked.serialNumber, before: "Shutdown")
            let declaration = SubsystemShutdown.declaration
            try check(declaration.category, declaration.opcode, isForced: asked.isForced)
            try await perform(
                SubsystemShutdown(type),
                for: call.requester,
                timeLimit: asked.timeLimit,
                isWriting: true
            )
        }
    }
}

/// The options of what stops a drive.
private struct StopOptions {
    let serialNumber: String?
    let isForced: Bool
    let timeLimit: Duration?

    init(_ dictionary: VariantDictionary) throws {
        var options = CallOptions(dictionary)
        serialNumber = try options.serialNumber()
        isForced = try options.isForced()
        timeLimit = try options.timeLimit()
        try options.finish()
    }
}
