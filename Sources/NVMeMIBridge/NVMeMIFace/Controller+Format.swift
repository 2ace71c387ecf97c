import DBus
import EventLoop
import NVMeMI
import NVMeMIDrives

/// What Erase1.Format needs.
extension Controller {
    func format(
        _ nsid: UInt32,
        _ dictionary: VariantDictionary,
        for call: Invocation
    ) async throws -> ObjectPath {
        guard nsid != 0 else {
            throw BusErrors.invalidArgument(
                "nsid is 0, which is no namespace; it takes 1 to 4294967294, or 4294967295 for all"
            )
        }
        var options = CallOptions(dictionary)
        let request = try FormatRequest(nsid, &options)
        let details = [
            ("nsid", "\(nsid)"), ("secure-erase", "\(request.erase)"),
        ]
        return try await call.starting("Format", on: endpoint, details) {
            try endpoint.check(serialNumber: request.serialNumber, before: "Format")
            try check(.formatNVM, isForced: request.isForced)
            try await checkIsFree(before: "Format", request.serialNumber, for: call)
            let namespaces = try await concerned(by: request, for: call)
            let command = try await command(request, namespaces, for: call)
            return FormatWork(command, of: namespaces, timeLimit: request.timeLimit)
        }
    }

    /// The namespaces that are formatted.
    private func concerned(
        by request: FormatRequest,
        for call: Invocation
    ) async throws -> [UInt32] {
        let command = FormatNVM(request.nsid, on: identifier, formatIndex: 0, erase: request.erase)
        let attributes = identity?.erasing.format ?? []
        let isForAll = request.nsid == FormatNVM.allNamespaces
        var concerned: Set<UInt32> = isForAll ? [] : [request.nsid]
        if isForAll || command.concernsAll(by: attributes) {
            concerned.formUnion(try await activeNamespaces(isForced: request.isForced, for: call))
        }
        if command.concernsAll(by: attributes) {
            concerned.formUnion(endpoint.inventory.namespaces.map(\.identifier))
            if (try? check(IdentifyStructure.allocatedNamespaces)) != nil {
                concerned.formUnion(
                    try await list(isForced: request.isForced, for: call) { last in
                        Identify.allocatedNamespaces(on: identifier, after: last)
                    }
                )
            }
        }
        if !request.isForced, identity != nil,
            let objection = command.objection(by: attributes, namespaceCount: concerned.count)
        {
            throw unsupported("this Format NVM", objection)
        }
        return Array(concerned.sorted().prefix(FormatNVM.mostNamespaces))
    }

    /// The namespaces that are active in the controller.
    private func activeNamespaces(
        isForced: Bool,
        for call: Invocation
    ) async throws -> Set<UInt32> {
        // One that knows no lists was asked for each.
        if takesStructuresForOne || (try? check(IdentifyStructure.activeNamespaces)) == nil {
            return Set(
                endpoint.inventory.namespaces.filter { $0.controllers.contains(identifier) }
                    .map(\.identifier)
            )
        }
        return try await list(isForced: isForced, for: call) { last in
            Identify.activeNamespaces(on: identifier, after: last)
        }
    }

    /// A list of namespaces, asked for to its end: what is destroyed is not guessed from a part of it.
    ///
    /// - Parameters:
    ///   - isForced: Whether the caller insists, who does so without knowing which there are.
    ///   - call: The call.
    ///   - query: Asks for what is behind an identifier.
    /// - Returns: The namespaces.
    /// - Throws: Why the list was not read to its end, unless the caller insists.
    private func list(
        isForced: Bool,
        for call: Invocation,
        query: (UInt32) -> Query<Identify, NamespaceList>
    ) async throws -> Set<UInt32> {
        var found: Set<UInt32> = []
        do {
            var last: UInt32 = 0
            while true {
                let list = try await perform(query(last), for: call.requester)
                found.formUnion(list.namespaces)
                if let fault = list.leftOut.first {
                    throw DriveError.failed("\(endpoint.address): \(fault)")
                }
                guard let next = list.continuation else { break }
                // A list that begins again, or goes on for ever, is none.
                guard next > last, found.count <= FormatNVM.mostNamespaces else {
                    throw DriveError.failed(
                        "\(endpoint.address) tells more than \(FormatNVM.mostNamespaces) namespaces, or the same again"
                    )
                }
                last = next
            }
        } catch {
            guard isForced else { throw error }
        }
        return found
    }

    /// The command, with the format that is meant and that all of the namespaces can have.
    private func command(
        _ request: FormatRequest,
        _ namespaces: [UInt32],
        for call: Invocation
    ) async throws -> FormatNVM {
        var indices: Set<UInt8> = []
        var identities: [(UInt32, IdentifyNamespace)] = []
        for namespace in namespaces {
            let identity = try await namespaceIdentity(namespace, for: call.requester)
            guard identity.size > 0 || request.isForced else {
                throw BusErrors.invalidArgument(
                    "controller \(identifier) of \(endpoint.address) has no namespace \(namespace)"
                )
            }
            identities.append((namespace, identity))
            indices.insert(try request.formatIndex(for: namespace, identity))
        }
        guard let index = indices.first ?? request.format else {
            throw BusErrors.invalidArgument(
                "the drive shows no namespace; say with the option 'format' (y) which format is meant"
            )
        }
        guard indices.count <= 1 else {
            throw BusErrors.invalidArgument(
                "the namespaces have different formats; say with the option 'format' (y) which is meant"
            )
        }
        var command = FormatNVM(
            request.nsid,
            on: identifier,
            formatIndex: index,
            erase: request.erase
        )
        command.isMetadataInterleaved = request.hasExtendedMetadata
        command.protectionType = request.protection
        command.isProtectionFirst = request.isProtectionFirst
        guard !request.isForced else { return command }
        for (namespace, identity) in identities {
            if let objection = command.objection(by: identity) {
                throw BusErrors.invalidArgument("Format of namespace \(namespace): \(objection)")
            }
            guard !identity.isWriteProtected else {
                throw BusErrors.notAllowed("Format: namespace \(namespace) is write protected")
            }
        }
        return command
    }
}

extension FormatNVM {
    /// More namespaces than this are not formatted together: each is asked for its formats before.
    fileprivate static let mostNamespaces = 1024
}

/// What a caller wants of Format.
private struct FormatRequest {
    let nsid: UInt32
    let format: UInt8?
    let blockSize: UInt64?
    let metadataSize: UInt16
    let hasExtendedMetadata: Bool
    let protection: UInt8
    let isProtectionFirst: Bool
    let erase: SecureErase
    let serialNumber: String?
    let isForced: Bool
    let timeLimit: Duration?

    init(_ nsid: UInt32, _ options: inout CallOptions) throws {
        self.nsid = nsid
        format = try options.number("format", in: UInt8(0)...63)
        blockSize = try options.number("block-size", in: 1...UInt64.max)
        let metadataSize = try options.number("metadata-size", in: 0...UInt16.max)
        self.metadataSize = metadataSize ?? 0
        hasExtendedMetadata = try options.flag("extended-metadata") ?? false
        protection = try options.number("protection", in: UInt8(0)...3) ?? 0
        isProtectionFirst = try options.flag("protection-first") ?? false
        erase =
            try options.text("secure-erase").map {
                try SecureErase(named: $0, what: "option 'secure-erase'")
            } ?? SecureErase.none
        serialNumber = try options.serialNumber()
        isForced = try options.isForced()
        timeLimit = try options.timeLimit(upTo: 86_400_000)
        try options.finish()
        guard format == nil || blockSize == nil else {
            throw BusErrors.invalidArgument(
                "either 'format' or 'block-size' says which format is meant"
            )
        }
        guard metadataSize == nil || blockSize != nil else {
            throw BusErrors.invalidArgument("'metadata-size' goes with 'block-size'")
        }
    }

    /// The index of the format that is meant, for a namespace.
    func formatIndex(for namespace: UInt32, _ identity: IdentifyNamespace) throws -> UInt8 {
        if let format { return format }
        guard let blockSize else { return identity.formatIndex }
        guard
            let index = FormatNVM.formatIndex(
                blockSize: blockSize,
                metadataSize: metadataSize,
                in: identity
            )
        else {
            throw BusErrors.invalidArgument(
                "namespace \(namespace) has no LBA format with blocks of \(blockSize) bytes and \(metadataSize) of "
                    + "metadata; there are \(FormatNVM.list(of: identity.supportedFormats))"
            )
        }
        return index
    }
}
