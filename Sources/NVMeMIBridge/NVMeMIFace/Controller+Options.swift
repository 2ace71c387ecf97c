import DBus
import EventLoop
import NVMeMI
import NVMeMIDrives

/// What the controller's methods need beyond one command.
extension Controller {
    /// Identify, as it is, with the options that a caller gave.
    func identify(
        cns: UInt8,
        nsid: UInt32,
        _ options: VariantDictionary,
        for call: Invocation
    ) async throws -> [UInt8] {
        var options = CallOptions(options)
        var command = Identify(
            IdentifyStructure(rawValue: cns),
            on: identifier,
            namespace: nsid
        )
        command.subject = try options.number("controller-id", in: 0...UInt16.max) ?? 0
        command.specificIdentifier = try options.number("cns-specific-id", in: 0...UInt16.max) ?? 0
        command.ioCommandSet = try options.number("csi", in: 0...UInt8.max) ?? 0
        command.uuidIndex = try options.number("uuid-index", in: 0...UInt8(127)) ?? 0
        command.dataOffset = try options.number("offset", in: 0...Identify.dataSize - 4) ?? 0
        command.dataLength =
            try options.number("length", in: 4...Identify.dataSize)
            ?? Identify.dataSize - command.dataOffset
        let isForced = try options.isForced()
        let timeLimit = try options.timeLimit()
        try options.finish()
        try check(command.structure, isForced: isForced)
        return try await perform(command, for: call.requester, timeLimit: timeLimit)
    }

    /// A log page, as it is, with the options that a caller gave.
    func logPage(
        _ lid: UInt8,
        nsid: UInt32,
        _ options: VariantDictionary,
        for call: Invocation
    ) async throws -> [UInt8] {
        var options = CallOptions(options)
        let page = LogPageIdentifier(rawValue: lid)
        let selection = try LogSelection(page, of: self, namespace: nsid, &options)
        var command = selection.command
        command.offset = try options.number("offset", in: 0...UInt64.max - 3) ?? 0
        let length = try options.number("length", in: 1...Self.logPageLimit)
        try options.finish()
        try selection.check(self, for: call)
        if length == nil, let whole = self.length(of: page), command.offset >= whole {
            throw BusErrors.invalidArgument(
                "option 'offset' is \(command.offset); log page \(lid) has \(whole) bytes"
            )
        }
        guard
            let length = length.map(UInt64.init)
                ?? self.length(of: page).map({ $0 - command.offset })
        else {
            throw BusErrors.invalidArgument(
                "log page \(lid) has no fixed length; say with the option 'length' how many bytes, "
                    + "from 1 to \(Self.logPageLimit)"
            )
        }
        return try await readLog(
            command,
            length: length,
            timeLimit: selection.timeLimit,
            for: call.requester
        )
    }

    /// The SMART / health log of the controller, decoded.
    func smartLog(for call: Invocation) async throws -> Fields {
        Fields(
            of: try await perform(
                GetLogPage.smart(on: identifier).retainingEvents(with: logPageAbilities),
                for: call.requester
            )
        )
    }

    /// The firmware slot log, decoded.
    func firmwareLog(for call: Invocation) async throws -> Fields {
        Fields(
            of: try await perform(
                GetLogPage.firmwareSlots(on: identifier).retainingEvents(with: logPageAbilities),
                for: call.requester
            )
        )
    }

    /// The newest entries of the error log, decoded; 0 asks for all.
    func errorLog(entries: UInt32, for call: Invocation) async throws -> [Fields] {
        try await errorLog(entries: entries, for: call.requester)
            .map { Fields(of: $0) }
    }

    /// Identify Controller, decoded.
    func decodedIdentity(for call: Invocation) async throws -> Fields {
        Fields(
            of: try await perform(Identify.controller(identifier), for: call.requester)
        )
    }

    /// Identify Namespace, decoded.
    func namespaceIdentity(
        _ namespace: UInt32,
        for call: Invocation
    ) async throws -> Fields {
        Fields(
            of: try await perform(
                Identify.namespace(namespace, on: identifier),
                for: call.requester
            )
        )
    }
}
