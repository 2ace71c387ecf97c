import DBus
import EventLoop
import NVMeMI
import NVMeMIDrives

/// What NamespaceManagement1's methods need.
extension Controller {
    func createNamespace(
        _ dictionary: VariantDictionary,
        for call: Invocation
    ) async throws -> UInt32 {
        var options = CallOptions(dictionary)
        var command = CreateNamespace(NamespaceDescription(), on: identifier)
        try Self.describe(&command, &options)
        let serialNumber = try options.serialNumber()
        let isForced = try options.isForced()
        let timeLimit = try options.timeLimit()
        try options.finish()
        let details = [("blocks", "\(command.description.size)")]
        return try await call.recording("CreateNamespace", on: endpoint, details) {
            try endpoint.check(serialNumber: serialNumber, isRequired: false, before: "Create")
            try endpoint.checkThatNoJobChangesIt(before: "Create")
            try check(.namespaceManagement, isForced: isForced)
            let created = try await endpoint.perform(
                command,
                for: call.requester,
                timeLimit: timeLimit,
                isWriting: true
            )
            endpoint.namespacesMayHaveChanged()
            return created
        }
    }

    /// What the namespace shall be.
    private static func describe(
        _ command: inout CreateNamespace,
        _ options: inout CallOptions
    ) throws {
        guard let size = try options.number("size", in: 1...UInt64.max) else {
            throw BusErrors.invalidArgument(
                "a namespace needs the option 'size' (t), how many logical blocks it has"
            )
        }
        command.description.size = size
        command.description.capacity = try options.number("capacity", in: 0...size) ?? size
        let format = try options.number("format", in: UInt8(0)...63) ?? 0
        let isExtended = try options.flag("extended-metadata") ?? false
        // The index is in bits 3:0 and 6:5.
        command.description.formattedLBASize =
            format & 0x0F | (isExtended ? 0x10 : 0) | (format >> 4) << 5
        command.description.protectionSettings =
            try options.number("protection", in: 0...UInt8.max) ?? 0
        command.description.isShared = try options.flag("shared") ?? false
        command.ioCommandSet = try options.number("csi", in: 0...UInt8.max) ?? 0
        command.description.asymmetricAccessGroup =
            try options.number("ana-group", in: 0...UInt32.max) ?? 0
        command.description.nvmSet = try options.number("nvm-set", in: 0...UInt16.max) ?? 0
        command.description.enduranceGroup =
            try options.number("endurance-group", in: 0...UInt16.max) ?? 0
        command.description.storageTagMask =
            try options.number("storage-tag-mask", in: 0...UInt64.max) ?? 0
    }

    func deleteNamespace(
        _ nsid: UInt32,
        _ dictionary: VariantDictionary,
        for call: Invocation
    ) async throws {
        try Self.requireNamespace(nsid)
        var options = CallOptions(dictionary)
        let serialNumber = try options.serialNumber()
        let isForced = try options.isForced()
        let timeLimit = try options.timeLimit()
        try options.finish()
        try await call.recording("DeleteNamespace", on: endpoint, [("nsid", "\(nsid)")]) {
            try endpoint.check(serialNumber: serialNumber, before: "Delete")
            try endpoint.checkThatNoJobChangesIt(before: "Delete")
            try check(.namespaceManagement, isForced: isForced)
            let time = Transfer.TimeLeft(timeLimit)
            try await endpoint.ask(
                forSerialNumber: serialNumber,
                before: "Delete",
                for: call.requester,
                timeLimit: time.left
            )
            try await endpoint.perform(
                DeleteNamespace(nsid, on: identifier),
                for: call.requester,
                timeLimit: time.left,
                isWriting: true
            )
            endpoint.namespacesMayHaveChanged()
        }
    }

    func attach(
        _ action: NamespaceAttachmentAction,
        _ nsid: UInt32,
        _ controllers: [UInt16],
        for call: Invocation
    ) async throws {
        try Self.requireNamespace(nsid)
        // What fits into 4096 bytes behind their number.
        guard !controllers.isEmpty, controllers.count <= 2047,
            Set(controllers).count == controllers.count
        else {
            throw BusErrors.invalidArgument(
                "\(action) takes 1 to 2047 different controllers, not \(controllers.count)"
            )
        }
        let details = [
            ("nsid", "\(nsid)"),
            ("controllers", controllers.prefix(32).map { "\($0)" }.joined(separator: " ")),
        ]
        try await call.recording("\(action)Namespace", on: endpoint, details) {
            try endpoint.checkThatNoJobChangesIt(before: "\(action)")
            try check(.namespaceAttachment)
            try await endpoint.perform(
                NamespaceAttachment(
                    action,
                    nsid,
                    controllers: controllers.sorted(),
                    on: identifier
                ),
                for: call.requester,
                isWriting: true
            )
            endpoint.namespacesMayHaveChanged()
        }
    }

    private static func requireNamespace(_ nsid: UInt32) throws {
        guard nsid != 0 else {
            throw BusErrors.invalidArgument(
                "nsid is 0, which is no namespace; it takes 1 to 4294967294, or 4294967295 for all"
            )
        }
    }
}
