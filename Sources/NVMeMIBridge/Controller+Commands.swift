import DBus
import EventLoop
import NVMeMI
import NVMeMIClient

/// What the controller's methods need beyond one command.
extension Controller {
    /// Bytes of a log page that one answer on the bus may carry.
    private static let logPageLimit: UInt32 = 1 << 20

    func perform<C: Command>(
        _ command: C,
        for call: Invocation,
        timeLimit: Duration? = nil
    ) async throws -> C.Reply {
        try await endpoint.perform(command, for: call, timeLimit: timeLimit)
    }

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
        let timeLimit = try options.timeLimit()
        try options.finish()
        return try await perform(command, for: call, timeLimit: timeLimit)
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
        var command = GetLogPage(page, on: identifier, namespace: nsid, length: 4)
        command.offset = try options.number("offset", in: 0...UInt64.max - 3) ?? 0
        command.specificField = try options.number("lsp", in: 0...UInt8(127)) ?? 0
        command.specificIdentifier = try options.number("lsi", in: 0...UInt16.max) ?? 0
        command.ioCommandSet = try options.number("csi", in: 0...UInt8.max) ?? 0
        command.uuidIndex = try options.number("uuid-index", in: 0...UInt8(127)) ?? 0
        command.retainsAsynchronousEvent = try options.flag("retain-events") ?? true
        let length = try options.number("length", in: 1...Self.logPageLimit)
        let timeLimit = try options.timeLimit()
        try options.finish()
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
        return try await read(command, length: length, timeLimit: timeLimit, for: call)
    }

    /// The SMART / health log of the controller, decoded.
    func smartLog(for call: Invocation) async throws -> VariantDictionary {
        VariantDictionary(
            try await perform(GetLogPage.smart(on: identifier), for: call).namedValues
        )
    }

    /// The firmware slot log, decoded.
    func firmwareLog(for call: Invocation) async throws -> VariantDictionary {
        VariantDictionary(
            try await perform(GetLogPage.firmwareSlots(on: identifier), for: call).namedValues
        )
    }

    /// The newest entries of the error log, decoded; 0 asks for all.
    func errorLog(entries: UInt32, for call: Invocation) async throws -> [VariantDictionary] {
        let all = UInt32(identity.errorLogPageEntries) + 1
        let count = entries == 0 ? all : min(entries, all)
        var command = GetLogPage(.errorInformation, on: identifier, length: 4)
        command.retainsAsynchronousEvent = true
        let size = UInt64(ErrorLogEntry.layout.size)
        let data = try await read(command, length: UInt64(count) * size, timeLimit: nil, for: call)
        do {
            return try ErrorLog(data: data).entries.filter { $0.errorCount != 0 }
                .map { VariantDictionary($0.namedValues) }
        } catch {
            throw BusErrors.error(
                for: .decoding(error),
                of: GetLogPage.declaration.name,
                to: endpoint.address
            )
        }
    }

    /// Identify Namespace, decoded.
    func namespaceIdentity(
        _ namespace: UInt32,
        for call: Invocation
    ) async throws -> VariantDictionary {
        VariantDictionary(
            try await perform(Identify.namespace(namespace, on: identifier), for: call).namedValues
        )
    }

    /// The length in bytes of a page that always has the same; nil for other pages.
    private func length(of page: LogPageIdentifier) -> UInt64? {
        page == .errorInformation
            ? (UInt64(identity.errorLogPageEntries) + 1) * UInt64(ErrorLogEntry.layout.size)
            : page.fixedLength.map(UInt64.init)
    }

    /// Reads a log page in as many messages as it takes, under one time limit if one is given.
    private func read(
        _ command: GetLogPage,
        length: UInt64,
        timeLimit: Duration?,
        for call: Invocation
    ) async throws -> [UInt8] {
        let deadline = timeLimit.map { EventLoop.main.now + $0 }
        let plan: LogPagePlan
        do {
            plan = try LogPagePlan(command, length: length)
        } catch {
            throw BusErrors.invalidArgument("\(error)")
        }
        var data: [UInt8] = []
        for piece in plan {
            let left = deadline.map { max($0 - EventLoop.main.now, .milliseconds(1)) }
            let bytes = try await endpoint.perform(
                piece,
                for: call,
                timeLimit: left,
                priority: length > 4096 ? .bulk : .interactive
            )
            data += bytes
            // A short piece is the end of the page.
            if bytes.count < Int(clamping: piece.length) { break }
        }
        return Array(data.prefix(Int(clamping: length)))
    }
}

extension LogPageIdentifier {
    /// The length in bytes of a page that always has the same; nil for others.
    fileprivate var fixedLength: UInt32? {
        switch rawValue {
        case 0x00, 0x12: 1024
        case 0x02, 0x03, 0x09, 0x0A, 0x16, 0x81: 512
        case 0x04, 0x05, 0x13, 0x18, 0xBF: 4096
        case 0x06: 564
        case 0x80: 64
        default: nil
        }
    }
}
