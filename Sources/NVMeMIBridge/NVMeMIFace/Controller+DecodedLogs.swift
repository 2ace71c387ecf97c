import DBus
import EventLoop
import NVMeMI
import NVMeMIClient
import NVMeMIDrives

/// Log pages by name, decoded.
extension Controller {
    /// Bytes of a log page that one answer on the bus may carry.
    static let logPageLimit: UInt32 = 1 << 20

    func decodedLog(
        _ name: String,
        _ dictionary: VariantDictionary,
        for call: Invocation
    ) async throws -> VariantDictionary {
        guard let declaration = LogPages.find(name: name) else {
            let names = LogPages.all.map(\.name).joined(separator: ", ")
            throw BusErrors.invalidArgument("there is no log page '\(name)'; they are \(names)")
        }
        var options = CallOptions(dictionary)
        let selection = try LogSelection(
            declaration.identifier,
            of: self,
            namespace: nil,
            &options
        )
        let hasIdentifier = options.isGiven("lsi")
        let hasNamespace = options.isGiven("nsid")
        try options.finish()
        guard hasIdentifier || !declaration.selectors.usesSpecificIdentifier else {
            throw BusErrors.invalidArgument(
                "log page \(declaration.name) is about one of several; say with the option 'lsi' (q) which"
            )
        }
        guard hasNamespace || !declaration.selectors.contains(.namespace) else {
            throw BusErrors.invalidArgument(
                "log page \(declaration.name) is about a namespace; say with the option 'nsid' (u) which"
            )
        }
        try selection.check(self, for: call)
        let data = try await readLog(
            declaration,
            selection.command,
            limit: UInt64(Self.logPageLimit),
            timeLimit: selection.timeLimit,
            for: call.requester
        )
        return VariantDictionary(
            try decode(GetLogPage.declaration) { () throws(DecodingError) in
                try declaration.decode(data)
            },
            raw: data
        )
    }

    /// The results of self-tests, newest first, without unused entries.
    func selfTestResults(for call: Invocation) async throws -> [Fields] {
        try check(LogPageIdentifier.deviceSelfTest)
        let log = try await perform(GetLogPage.selfTest(on: identifier), for: call.requester)
        return log.results.filter { $0.outcome != .unused }.map { Fields(of: $0) }
    }

    func sanitizeStatus(for call: Invocation) async throws -> Fields {
        try check(LogPageIdentifier.sanitizeStatus)
        return Fields(
            of: try await perform(
                GetLogPage.sanitizeStatus(on: identifier).retainingEvents(with: logPageAbilities),
                for: call.requester
            )
        )
    }

    /// Decodes what a command has brought; what is malformed is the command's failure.
    func decode<Value>(
        _ command: CommandDeclaration,
        _ body: () throws(DecodingError) -> Value
    ) throws -> Value {
        do {
            return try body()
        } catch {
            throw DriveError.command(
                CommandFailure(of: command.name, to: endpoint.address, .decoding(error))
            )
        }
    }
}

extension VariantDictionary {
    /// Decoded fields, the bytes that they are of, and what of these could not be decoded.
    init(_ decoded: DecodedData, raw: [UInt8]) {
        self.init(decoded.values)
        self["RawData"] = .bytes(raw)
        if !decoded.leftOut.isEmpty {
            self["LeftOut"] = decoded.leftOut.prefix(16).map { "\($0)" }.dbusValue
        }
    }
}
