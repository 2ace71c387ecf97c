import DBus
import EventLoop
import MCTP
import NVMeMI
import NVMeMIClient
import NVMeMIDrives

/// What callers on the bus are told when something goes wrong: the one place where an error of the
/// layers below gets its D-Bus name, its words, and its details for machines.
enum BusErrors {
    private static let common = "xyz.openbmc_project.Common.Error."
    private static let device = "xyz.openbmc_project.Common.Device.Error."

    /// An argument that no drive needs to be asked about.
    static func invalidArgument(_ message: String) -> DBusError {
        DBusError(name: "org.freedesktop.DBus.Error.InvalidArgs", message: message)
    }

    /// Refuses a dword whose lowest byte is another configuration identifier than the argument.
    static func requireIdentifier(_ identifier: UInt8, in dword0: UInt32) throws(DBusError) {
        let inDword = UInt8(truncatingIfNeeded: dword0)
        guard inDword == 0 || inDword == identifier else {
            throw invalidArgument(
                "dword0 has configuration identifier \(inDword) in bits 7:0; it takes 0 or that of "
                    + "the argument, \(identifier)"
            )
        }
    }

    /// Something that cannot be had at this moment.
    static func unavailable(_ message: String) -> DBusError {
        DBusError(name: common + "Unavailable", message: message)
    }

    /// Something that took too long.
    static func timeout(_ message: String) -> DBusError {
        DBusError(name: common + "Timeout", message: message)
    }

    /// Something that would cut a drive off.
    static func notAllowed(_ message: String) -> DBusError {
        DBusError(name: common + "NotAllowed", message: message)
    }

    /// Something that the drive is known not to do.
    static func unsupported(_ message: String) -> DBusError {
        DBusError(name: common + "UnsupportedRequest", message: message)
    }

    /// What a caller sees of the model's errors.
    static func error(for error: DriveError) -> DBusError {
        switch error {
        case .argument(let message): invalidArgument(message)
        case .notAllowed(let message): notAllowed(message)
        case .unsupported(let message): unsupported(message)
        case .unavailable(let address, let reason): unavailable(address, reason: reason)
        case .command(let failure): self.error(for: failure)
        case .directory(let address, let error): self.error(for: error, of: address)
        case .noEndpoint, .interrupted: unavailable(error.words)
        case .failed(let message): DBusError(name: common + "InternalFailure", message: message)
        case .tooMany(let message): DBusError(name: common + "TooManyResources", message: message)
        }
    }

    /// An endpoint that is known to be out of reach.
    static func unavailable(_ address: EndpointAddress, reason: String) -> DBusError {
        DBusError(
            name: common + "Unavailable",
            message: "endpoint \(address) is unavailable: \(reason)",
            details: ["layer": .string("MCTP"), "endpoint": .string("\(address)")]
        )
    }

    private static func error(for error: DirectoryError, of address: EndpointAddress) -> DBusError {
        let name =
            switch error.kind {
            case .notPermitted: common + "NotAllowed"
            case .unsupported: common + "UnsupportedRequest"
            case .absent: common + "Unavailable"
            case .failed: common + "InternalFailure"
            }
        return DBusError(name: name, message: "mctpd, asked for \(address): \(error.message)")
    }

    /// A command's failure.
    private static func error(for failure: CommandFailure) -> DBusError {
        let error = failure.error
        var details: VariantDictionary = [
            "layer": .string(error.layer),
            "command": .string(failure.command),
            "endpoint": .string("\(failure.address)"),
        ]
        switch error {
        case .device(let refusal): add(refusal, to: &details)
        case .transport(let failure):
            if let errno = failure.errno { details["errno"] = .int32(errno.rawValue) }
        default: break
        }
        return DBusError(
            name: name(of: error, isWriting: failure.isWriting),
            message: "\(failure.command) to \(failure.address): \(error.words)",
            details: details
        )
    }

    private static func name(of error: SessionError, isWriting: Bool) -> String {
        let failure = device + (isWriting ? "WriteFailure" : "ReadFailure")
        switch error {
        case .argument: return "org.freedesktop.DBus.Error.InvalidArgs"
        case .queueFull: return common + "TooManyResources"
        case .timedOut, .answerLost(note: nil): return common + "Timeout"
        case .cancelled, .closed: return common + "Unavailable"
        case .envelope, .mismatch, .decoding, .answerLost: return failure
        case .transport(let problem):
            switch problem.kind {
            case .tagsExhausted: return common + "TooManyResources"
            case .permission: return common + "InternalFailure"
            default: return common + "Unavailable"
            }
        case .device(let refusal):
            return common(for: refusal).map { common + $0 } ?? failure
        }
    }

    /// The common error that says what a drive's refusal means to the caller; nil when there is none.
    private static func common(for refusal: DeviceError) -> String? {
        if let status = refusal.nvmeStatus {
            switch status.withoutAdvice {
            case .invalidField, .invalidNamespaceOrFormat, .invalidLogPage, .invalidFormat,
                .invalidControllerIdentifier, .invalidFirmwareSlot, .invalidFirmwareImage:
                return "InvalidArgument"
            case .invalidOpcode:
                return "UnsupportedRequest"
            case .sanitizeInProgress, .formatInProgress, .namespaceNotReady, .selfTestInProgress,
                .overlappingRange:
                return "Unavailable"
            case .operationDenied, .prohibitedByLockdown, .firmwareActivationProhibited:
                return "NotAllowed"
            case .insufficientCapacity, .namespaceInsufficientCapacity,
                .namespaceIdentifierUnavailable, .namespaceAttachmentLimitExceeded:
                return "TooManyResources"
            default:
                return nil
            }
        }
        switch refusal.status {
        case .invalidParameter: return "InvalidArgument"
        case .invalidCommandOpcode, .invalidCommandSize, .invalidCommandInputDataSize:
            return "UnsupportedRequest"
        case .sanitizeInProgress, .pcieInaccessible: return "Unavailable"
        case .accessDenied: return "NotAllowed"
        default: return nil
        }
    }

    private static func add(_ refusal: DeviceError, to details: inout VariantDictionary) {
        details["mi-status"] = .byte(refusal.status.rawValue)
        if let status = refusal.nvmeStatus {
            details["nvme-status"] = .uint16(status.rawValue)
            details["more"] = .boolean(status.hasMore)
            details["dnr"] = .boolean(status.doNotRetry)
        }
        if let location = refusal.parameterErrorLocation {
            details["parameter-error"] = .structure([.byte(location.bit), .uint16(location.byte)])
        }
    }
}
