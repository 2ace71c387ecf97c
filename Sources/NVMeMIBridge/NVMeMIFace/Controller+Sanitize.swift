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
        let order = try order(
            SanitizeAction(named: action, what: "action"),
            namespace: options.number("nsid", in: 1...UInt32.max),
            &options
        )
        let serialNumber = try options.serialNumber()
        let isForced = try options.isForced()
        try options.finish()
        if let contradiction = order.contradiction {
            throw BusErrors.invalidArgument("Sanitize: \(contradiction)")
        }
        return try await call.starting(
            "Sanitize",
            on: endpoint,
            [("sanitize-action", "\(order.action)")]
                + (order.namespace.map { [("nsid", "\($0)")] } ?? [])
        ) {
            try endpoint.check(serialNumber: serialNumber, before: "Sanitize")
            try check(order.opcode, isForced: isForced)
            if !isForced, let objection = objection(to: order) {
                let subject = order.namespace.map { " of namespace \($0)" } ?? ""
                throw unsupported("Sanitize\(subject) with \(order.action)", objection)
            }
            try await checkIsFree(before: "Sanitize", serialNumber, for: call)
            return SanitizeWork(order)
        }
    }

    private func order(
        _ action: SanitizeAction,
        namespace: UInt32?,
        _ options: inout CallOptions
    ) throws -> SanitizeOrder {
        let allowsUnrestrictedExit = try options.flag("unrestricted-exit") ?? false
        let entersMediaVerification = try options.flag("media-verification") ?? false
        if let namespace {
            // What is for a whole drive only is left, and refused as an unknown option is.
            var command = SanitizeNamespace(action, of: namespace, on: identifier)
            command.allowsUnrestrictedExit = allowsUnrestrictedExit
            command.entersMediaVerification = entersMediaVerification
            return .namespace(command)
        }
        var command = Sanitize(action, on: identifier)
        command.allowsUnrestrictedExit = allowsUnrestrictedExit
        command.entersMediaVerification = entersMediaVerification
        let passes = try options.number("passes", in: UInt8(1)...16)
        if passes == 16, action != .overwrite {
            throw BusErrors.invalidArgument(
                "Sanitize: passes are for Overwrite, not for \(action)"
            )
        }
        // 16 is 0 on the wire.
        command.overwritePasses = passes.map { $0 & 0x0F } ?? (action == .overwrite ? 1 : 0)
        command.overwritePattern = try options.number("pattern", in: 0...UInt32.max) ?? 0
        command.invertsPattern = try options.flag("invert-pattern") ?? false
        command.noDeallocate = try options.flag("no-deallocate") ?? false
        return .subsystem(command)
    }

    /// Why the controller is known not to do it, or not known to.
    private func objection(to order: SanitizeOrder) -> String? {
        // Identify Controller has no bit for it.
        if order.namespace != nil, !isKnown(.sanitizeNamespace) {
            return
                "nothing says that it has Sanitize Namespace (its log of commands and their effects would)"
        }
        return identity.flatMap { order.objection(by: $0.erasing.sanitize) }
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
