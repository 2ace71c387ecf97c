import DBus
import EventLoop
import NVMeMI
import NVMeMIDrives

/// What Erase1.Sanitize needs.
extension Controller {
    func sanitize(
        _ action: String,
        _ dictionary: VariantDictionary,
        for call: Invocation
    ) async throws -> ObjectPath {
        var options = CallOptions(dictionary)
        var command = Sanitize(
            try SanitizeAction(named: action, what: "action"),
            on: identifier
        )
        let passes = try options.number("passes", in: UInt8(1)...16)
        // 16 is 0 on the wire.
        command.overwritePasses = passes.map { $0 & 0x0F } ?? (command.action == .overwrite ? 1 : 0)
        command.overwritePattern = try options.number("pattern", in: 0...UInt32.max) ?? 0
        command.invertsPattern = try options.flag("invert-pattern") ?? false
        command.allowsUnrestrictedExit = try options.flag("unrestricted-exit") ?? false
        command.noDeallocate = try options.flag("no-deallocate") ?? false
        command.entersMediaVerification = try options.flag("media-verification") ?? false
        let serialNumber = try options.serialNumber()
        let isForced = try options.isForced()
        try options.finish()
        if let contradiction = command.contradiction {
            throw BusErrors.invalidArgument("Sanitize: \(contradiction)")
        }
        if passes == 16, command.action != .overwrite {
            throw BusErrors.invalidArgument("Sanitize: passes are for Overwrite, not for \(action)")
        }
        let wanted = command
        return try await call.starting(
            "Sanitize",
            on: endpoint,
            [("sanitize-action", "\(command.action)")]
        ) {
            try endpoint.check(serialNumber: serialNumber, before: "Sanitize")
            try check(.sanitize, isForced: isForced)
            if !isForced, let capabilities = identity?.erasing.sanitize,
                let objection = wanted.objection(by: capabilities)
            {
                throw unsupported("Sanitize with \(wanted.action)", objection)
            }
            try await checkIsFree(before: "Sanitize", serialNumber, for: call)
            return SanitizeWork(wanted)
        }
    }

    /// Refuses what is known beforehand not to be had.
    func unsupported(_ what: String, _ objection: String) -> DriveError {
        .unsupported(
            "controller \(identifier) of \(endpoint.address) does not have \(what): \(objection); option 'force' "
                + "has it asked all the same"
        )
    }

    /// Makes sure that no other job changes the drive, and that it is the drive that is meant.
    func checkIsFree(
        before action: String,
        _ serialNumber: String?,
        for call: Invocation
    ) async throws {
        try endpoint.checkThatNoJobChangesIt(before: action)
        try await endpoint.ask(
            forSerialNumber: serialNumber,
            before: action,
            for: call.requester
        )
    }
}

extension WireEnumeration {
    /// The value with a name; letters and digits count, and not whether they are large.
    ///
    /// - Throws: `InvalidArgs` that says which there are.
    init(named text: String, what: String) throws {
        func plain(_ text: String) -> String {
            String(text.lowercased().filter { $0.isLetter || $0.isNumber })
        }
        guard let code = Self.names.first(where: { plain($0.value) == plain(text) })?.key else {
            let names = Self.names.map(\.value).joined(separator: ", ")
            throw BusErrors.invalidArgument("\(what) is '\(text)'; it takes \(names)")
        }
        self.init(rawValue: code)
    }
}
