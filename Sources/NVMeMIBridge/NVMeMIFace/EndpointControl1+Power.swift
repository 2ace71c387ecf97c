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
            configuration), and which the drive is asked for once more, as far as it answers; force (b) for a \
            drive that does not list the command; timeout-ms (u, 1 to 600000).
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
            the configuration), and which the drive is asked for once more, as far as it answers; force (b) for \
            a drive that does not list the command, or that a job changes; timeout-ms (u, 1 to 600000).
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
            let time = try await check(
                asked,
                SubsystemReset.declaration,
                before: "Reset",
                for: call
            )
            try await resetSubsystem(for: call.requester, timeLimit: time.left)
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
            let time = try await check(
                asked,
                SubsystemShutdown.declaration,
                before: "Shutdown",
                for: call
            )
            try await perform(
                SubsystemShutdown(type),
                for: call.requester,
                timeLimit: time.left,
                isWriting: true
            )
        }
    }

    /// Refuses to stop another drive than is meant, or one that does not have the command.
    ///
    /// - Returns: What remains of the caller's time limit.
    private func check(
        _ asked: StopOptions,
        _ declaration: CommandDeclaration,
        before action: String,
        for call: Invocation
    ) async throws -> Transfer.TimeLeft {
        let time = Transfer.TimeLeft(asked.timeLimit)
        try check(serialNumber: asked.serialNumber, before: action)
        // A job that hangs does not keep anybody who insists from resetting the drive.
        try checkThatNoJobChangesIt(before: action, isForced: asked.isForced)
        try check(declaration.category, declaration.opcode, isForced: asked.isForced)
        try await ask(
            forSerialNumber: asked.serialNumber,
            isAnswerNeeded: false,
            before: action,
            for: call.requester,
            timeLimit: time.left
        )
        return time
    }
}

extension Endpoint {
    /// Refuses what must not be done to a drive while a job changes it.
    func checkThatNoJobChangesIt(
        before action: String,
        isForced: Bool? = nil
    ) throws(DriveError) {
        if let drive { try fleet.jobs.check(drive, before: action, isForced: isForced) }
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
