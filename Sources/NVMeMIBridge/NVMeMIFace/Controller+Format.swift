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
        let known = endpoint.inventory.namespaces
        var concerned: [UInt32]
        if command.concernsAll(by: attributes) {
            concerned = try await existingNamespaces(isForced: request.isForced, for: call)
            if !isForAll, !concerned.contains(request.nsid) { concerned.append(request.nsid) }
        } else if isForAll {
            concerned = known.filter { $0.controllers.contains(identifier) }.map(\.identifier)
        } else {
            concerned = [request.nsid]
        }
        if !request.isForced, identity != nil,
            let objection = command.objection(by: attributes, namespaceCount: concerned.count)
        {
            throw unsupported("this Format NVM", objection)
        }
        return concerned
    }

    /// All namespaces of the NVM subsystem, attached or not as far as the drive tells; one that has none that are not
    /// attached tells no others.
    private func existingNamespaces(
        isForced: Bool,
        for call: Invocation
    ) async throws -> [UInt32] {
        var found = Set(endpoint.inventory.namespaces.map(\.identifier))
        guard (try? check(IdentifyStructure.allocatedNamespaces)) != nil else {
            return found.sorted()
        }
        do {
            var last: UInt32 = 0
            while true {
                let list = try await perform(
                    Identify.allocatedNamespaces(on: identifier, after: last),
                    for: call.requester
                ).namespaces
                found.formUnion(list)
                guard list.count == NamespaceList.capacity, let next = list.last else { break }
                // A list that begins again, or goes on for ever, is none.
                guard next > last, found.count <= FormatNVM.mostNamespaces else {
                    throw DriveError.failed(
                        "\(endpoint.address) tells more than \(FormatNVM.mostNamespaces) namespaces, or the same again"
                    )
                }
                last = next
            }
        } catch {
            // Who insists does so without knowing which there are.
            guard isForced else { throw error }
        }
        return Array(found.sorted().prefix(FormatNVM.mostNamespaces))
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
