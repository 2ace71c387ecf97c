import EventLoop
import Logging
public import NVMeMI
public import NVMeMIClient

/// Who asks for a command.
public struct Requester: Sendable {
    /// A name that is the same for all commands of one of them, who then take turns with the others; a D-Bus
    /// unique name, for instance.
    public let name: String

    /// Somebody of that name.
    public init(_ name: String) { self.name = name }
}

extension Endpoint {
    /// Carries out a command for somebody.
    ///
    /// - Throws: `DriveError`.
    public func perform<C: Command>(
        _ command: C,
        for requester: Requester,
        timeLimit: Duration? = nil,
        priority: CommandPriority = .interactive,
        isWriting: Bool = false,
        isExclusive: Bool = false,
        slot: CommandSlot = .zero
    ) async throws(DriveError) -> C.Reply {
        guard isReachable else { throw .unavailable(address, reason: stateReason.detail) }
        do {
            let reply = try await session.perform(
                command,
                CommandOptions(
                    timeLimit: timeLimit,
                    priority: priority,
                    sender: requester.name,
                    isExclusive: isExclusive,
                    slot: slot
                )
            )
            life.commandSucceeded()
            return reply
        } catch {
            let name = command.declaration.name
            life.commandFailed()
            logFailure(error, of: name, caller: requester.name)
            throw .command(CommandFailure(of: name, to: address, isWriting: isWriting, error))
        }
    }

    /// Tells the log of a command that failed.
    func logFailure(_ error: SessionError, of command: String, caller: String) {
        let level: Logger.Level
        switch error {
        case .device, .argument, .queueFull, .cancelled, .closed: level = .debug
        default: level = .notice
        }
        logger.log(
            level: level,
            "command failed",
            metadata: [
                "command": "\(command)", "caller": "\(caller)", "error": "\(error.words)",
            ]
        )
    }

    /// The health of every controller, in as many messages as it takes.
    public func controllerHealth(
        for requester: Requester
    ) async throws(DriveError) -> [ControllerHealth] {
        var all: [ControllerHealth] = []
        var poll: ControllerHealthStatusPoll? = ControllerHealthStatusPoll(
            all: .all,
            version: inventory.version
        )
        while let present = poll {
            let entries = try await perform(present, for: requester, priority: .health)
            all += entries
            poll = present.next(after: entries)
        }
        return all
    }

    /// Has the directory bring the endpoint back for somebody, and tries again what did not work before.
    ///
    /// Returns when the directory has taken it on; what comes of it shows in the state.
    ///
    /// - Throws: `DriveError.directory`.
    public func recover() async throws(DriveError) {
        do {
            try await recovery.recover()
        } catch {
            throw .directory(address, error)
        }
        link.forgetFailures()
    }

    /// Whether a configuration can be read without risk: one that the drive does not announce is not asked for,
    /// as there are drives that fall over it.
    ///
    /// - Throws: `DriveError.argument` that says what the drive announces.
    public func check(reading identifier: ConfigurationIdentifier) throws(DriveError) {
        switch identifier {
        case .smbusFrequency, .healthStatusChange, .transmissionUnitSize: return
        case .asynchronousEvent:
            guard inventory.announcesAsynchronousEvents else {
                throw .argument(
                    "configuration 0x04 (Asynchronous Event) is not read: no port of \(address) announces "
                        + "asynchronous event messages"
                )
            }
        default:
            // Vendor specific ones are the vendor's to know.
            guard identifier.rawValue >= 0xC0 else {
                throw .argument(
                    "configuration 0x\(String(identifier.rawValue, radix: 16)) is reserved; there are 0x01, "
                        + "0x02, 0x03, 0x04 and, vendor specific, 0xc0 to 0xff"
                )
            }
        }
    }
}
