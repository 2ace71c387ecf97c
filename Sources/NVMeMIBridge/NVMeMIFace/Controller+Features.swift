import DBus
import EventLoop
import NVMeMI
import NVMeMIClient
import NVMeMIDrives

/// Features, as they are and by name.
extension Controller {
    func feature(
        _ fid: UInt8,
        _ dictionary: VariantDictionary,
        for call: Invocation
    ) async throws -> (UInt32, [UInt8]) {
        let feature = FeatureIdentifier(rawValue: fid)
        var options = CallOptions(dictionary)
        let selection = try Self.selection(&options)
        let usual = selection == .capabilities ? 0 : Features.find(feature)?.dataLength ?? 0
        var command = GetFeatures(
            feature,
            on: identifier,
            namespace: try options.number("nsid", in: 0...UInt32.max) ?? 0,
            selection: selection,
            specific: try options.number("cdw11", in: 0...UInt32.max) ?? 0,
            length: try options.number("length", in: 0...Transfer.pieceSize) ?? usual
        )
        command.uuidIndex = try options.number("uuid-index", in: 0...UInt8(127)) ?? 0
        let isForced = try options.isForced()
        let timeLimit = try options.timeLimit()
        try options.finish()
        try check(.getFeatures, isForced: isForced)
        let reply = try await perform(command, for: call.requester, timeLimit: timeLimit)
        return (reply.result, reply.data)
    }

    func namedFeature(
        _ name: String,
        _ dictionary: VariantDictionary,
        for call: Invocation
    ) async throws -> VariantDictionary {
        let declaration = try Self.feature(named: name)
        var options = CallOptions(dictionary)
        let selection = try Self.selection(&options)
        let namespace = try Self.namespace(of: declaration, &options)
        let isForced = try options.isForced()
        let timeLimit = try options.timeLimit()
        let selectors = try declaration.selectors.compactMap { selector in
            try options.fieldValue(selector).map { (name: selector, value: $0) }
        }
        try options.finish()
        let command: GetFeatures
        do {
            command = try declaration.get(
                on: identifier,
                selection: selection,
                namespace: namespace,
                selecting: selectors
            )
        } catch {
            throw BusErrors.invalidArgument("\(error)")
        }
        try check(.getFeatures, isForced: isForced)
        let reply = try await perform(command, for: call.requester, timeLimit: timeLimit)
        let decoded = try decode(GetFeatures.declaration) { () throws(DecodingError) in
            try declaration.decode(reply, selection: selection, selecting: selectors)
        }
        var answer = VariantDictionary(decoded, raw: reply.data)
        answer["RawValue"] = .uint32(reply.result)
        return answer
    }

    func setNamedFeature(
        _ name: String,
        _ values: VariantDictionary,
        _ dictionary: VariantDictionary,
        for call: Invocation
    ) async throws -> UInt32 {
        let declaration = try Self.feature(named: name)
        guard declaration.isSettable else {
            throw BusErrors.unsupported("feature \(declaration.name) cannot be set")
        }
        guard !values.isEmpty else {
            throw BusErrors.invalidArgument(
                "there is no value to set feature \(declaration.name) to"
            )
        }
        var options = CallOptions(dictionary)
        let namespace = try Self.namespace(of: declaration, &options)
        let isSaved = try options.flag("save") ?? false
        let serialNumber = try options.serialNumber()
        let isForced = try options.isForced()
        let deadline = Transfer.TimeLeft(try options.timeLimit())
        try options.finish()
        let named = try values.map { name, value in
            (name: name, value: try FieldValue(value, of: name))
        }
        return try await call.recording("SetFeature", on: endpoint, [("feature", declaration.name)])
        {
            @LoopActor
            func setting(keeping current: AdminReply?) throws(DBusError) -> SetFeatures {
                do {
                    return try declaration.set(
                        named,
                        keeping: current,
                        on: identifier,
                        namespace: namespace,
                        isSaved: isSaved
                    )
                } catch {
                    throw BusErrors.invalidArgument("\(error)")
                }
            }
            // What is dangerous is so by what is given, before the drive is asked for the rest.
            let given = try setting(keeping: nil)
            try await check(given, serialNumber, isForced: isForced, deadline, for: call)
            let current = try await current(
                declaration,
                named.filter { declaration.selectors.contains($0.name) },
                namespace,
                deadline,
                for: call
            )
            let command = try setting(keeping: current)
            return try await endpoint.perform(
                command,
                for: call.requester,
                timeLimit: deadline.left,
                isWriting: true
            )
        }
    }

    /// Refuses to set a feature of another drive than is meant, or of one that cannot.
    func check(
        _ command: SetFeatures,
        _ serialNumber: String?,
        isForced: Bool,
        _ deadline: Transfer.TimeLeft,
        for call: Invocation
    ) async throws {
        let name = "SetFeature"
        let isDangerous = command.danger != .none
        try endpoint.check(serialNumber: serialNumber, isRequired: isDangerous, before: name)
        try check(.setFeatures, isForced: isForced)
        guard isDangerous else { return }
        try endpoint.checkThatNoJobChangesIt(before: name, isForced: isForced)
        try await endpoint.ask(
            forSerialNumber: serialNumber,
            before: name,
            for: call.requester,
            timeLimit: deadline.left
        )
    }

    /// What the feature is, so that values that are not given stay as they are.
    private func current(
        _ declaration: FeatureDeclaration,
        _ selectors: [NamedValue],
        _ namespace: UInt32,
        _ deadline: Transfer.TimeLeft,
        for call: Invocation
    ) async throws -> AdminReply {
        let command: GetFeatures
        do {
            command = try declaration.get(
                on: identifier,
                namespace: namespace,
                selecting: selectors
            )
        } catch {
            throw BusErrors.invalidArgument("\(error)")
        }
        return try await perform(command, for: call.requester, timeLimit: deadline.left)
    }

    private static func feature(named name: String) throws -> FeatureDeclaration {
        guard let declaration = Features.find(name: name) else {
            let names = Features.all.map(\.name).joined(separator: ", ")
            throw BusErrors.invalidArgument("there is no feature '\(name)'; they are \(names)")
        }
        return declaration
    }

    private static func namespace(
        of declaration: FeatureDeclaration,
        _ options: inout CallOptions
    ) throws -> UInt32 {
        let namespace = try options.number("nsid", in: 0...UInt32.max)
        guard namespace != nil || !declaration.isNamespaceSpecific else {
            throw BusErrors.invalidArgument(
                "feature \(declaration.name) is a namespace's; say with the option 'nsid' (u) which"
            )
        }
        return namespace ?? 0
    }

    /// Which value of the feature is meant.
    private static func selection(_ options: inout CallOptions) throws -> FeatureSelection {
        guard let text = try options.text("select") else { return .current }
        switch text {
        case "current": return .current
        case "default": return .defaultValue
        case "saved": return .saved
        case "capabilities": return .capabilities
        default:
            throw BusErrors.invalidArgument(
                "option 'select' is '\(text)'; it takes current, default, saved or capabilities"
            )
        }
    }
}

extension FieldValue {
    /// A value that a caller gives for a field.
    init(_ value: Value, of name: String) throws {
        if let number = value.integer, let unsigned = UInt64(exactly: number) {
            self = .unsigned64(unsigned)
        } else if let number = value.integer, let signed = Int16(exactly: number) {
            self = .signed16(signed)
        } else if let flag = value.decode(Bool.self) {
            self = .boolean(flag)
        } else if let text = value.decode(String.self) {
            self = .text(text)
        } else if let bytes = value.decode([UInt8].self) {
            self = .bytes(bytes)
        } else if let names = value.decode([String].self) {
            self = .names(names)
        } else {
            throw BusErrors.invalidArgument(
                "'\(name)' is \(value.text); it takes an integer, a boolean (b), a text (s), names (as) or bytes (ay)"
            )
        }
    }
}
