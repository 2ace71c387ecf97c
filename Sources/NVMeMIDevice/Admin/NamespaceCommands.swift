internal import NVMeMI

/// Namespace Management and Namespace Attachment.
extension AdminContext {
    func manageNamespace() throws(AdminFailure) -> AdminResult {
        switch bits(0...3, of: 10) {
        case 0: return AdminResult(result: try createNamespace())
        case 1: try deleteNamespace()
        default: throw .invalidField(dword: 10)
        }
        return AdminResult()
    }

    private func createNamespace() throws(AdminFailure) -> UInt32 {
        let reader = ByteReader(command.data, subject: "namespace")
        let blocks: UInt64
        let capacity: UInt64
        let format: UInt8
        let sharing: UInt8
        let (accessGroup, set, group): (UInt32, UInt16, UInt16)
        do {
            blocks = try reader.integer(UInt64.self, at: 0, "NSZE")
            capacity = try reader.integer(UInt64.self, at: 8, "NCAP")
            format = try reader.integer(UInt8.self, at: 26, "FLBAS") & 0x0F
            sharing = try reader.integer(UInt8.self, at: 30, "NMIC")
            accessGroup = try reader.integer(UInt32.self, at: 92, "ANAGRPID")
            set = try reader.integer(UInt16.self, at: 100, "NVMSETID")
            group = try reader.integer(UInt16.self, at: 102, "ENDGID")
        } catch {
            throw .refused(
                RequestError(status: .invalidCommandInputDataSize, reason: "\(error)")
            )
        }
        guard bits(24...31, of: 11) == 0 else { throw .failed(Self.commandSetNotSupported) }
        guard Int(format) < drive.description.formats.count else { throw .failed(.invalidFormat) }
        guard blocks > 0 else { throw .failed(.invalidField) }
        // Thin provisioning would let a namespace be larger than its capacity.
        guard blocks == capacity else { throw .failed(Self.thinProvisioningNotSupported) }
        let block = UInt64(drive.description.formats[Int(format)].dataSize)
        let (size, overflow) = blocks.multipliedReportingOverflow(by: block)
        guard
            accessGroup == 0
                || Drive.accessGroups.contains(accessGroup) && drive.has(.asymmetricAccess)
        else { throw .failed(Self.invalidAccessGroup) }
        let place = try place(set: set, group: group)
        guard !overflow, size <= drive.unallocatedCapacity, size <= drive.unallocated(in: place)
        else {
            throw .failed(Self.insufficientCapacity)
        }
        guard
            let identifier = (1...drive.description.maximumNamespaces).first(where: {
                drive.namespaces[$0] == nil
            })
        else { throw .failed(Self.identifierUnavailable) }
        var description = NamespaceDescription(identifier: identifier, size: size)
        description.format = format
        description.isShared = sharing & 1 == 1
        var namespace = drive.namespaces.create(description, blocks: blocks)
        namespace.nvmSet = place.set
        namespace.enduranceGroup = place.group
        drive.namespaces[identifier] = namespace
        drive.noteAllocation(ofNamespace: identifier)
        rememberNamespace(namespace)
        drive.onChange?()
        return identifier
    }

    /// Set and group of a new namespace: those that were asked for, else the first there are.
    private func place(
        set: UInt16,
        group: UInt16
    ) throws(AdminFailure) -> (set: UInt16, group: UInt16) {
        if set != 0 {
            guard let found = drive.media.set(set), group == 0 || group == found.group else {
                throw .failed(.invalidField)
            }
            return (set, found.group)
        }
        if group != 0 {
            guard drive.media.group(group) != nil else { throw .failed(.invalidField) }
            return (drive.media.sets.first { $0.group == group }?.identifier ?? 0, group)
        }
        return (drive.media.sets.first?.identifier ?? 0, drive.media.groups.first?.identifier ?? 0)
    }

    private func deleteNamespace() throws(AdminFailure) {
        let doomed: [NamespaceState]
        if command.namespace == Self.broadcast {
            doomed = drive.namespaces.namespaces
        } else {
            guard let namespace = drive.namespaces[command.namespace] else {
                throw .invalidNamespace
            }
            doomed = [namespace]
        }
        for namespace in doomed {
            rememberNamespace(namespace)
            drive.delete(namespace)
        }
    }

    func attachNamespace() throws(AdminFailure) -> AdminResult {
        guard var namespace = drive.namespaces[command.namespace] else { throw .invalidNamespace }
        let received = try? ControllerList(data: command.data)
        guard let received, received.leftOut.isEmpty, !received.controllers.isEmpty,
            received.controllers.allSatisfy({ drive.controllerIndex($0) != nil })
        else { throw .failed(Self.controllerListInvalid) }
        let list = received.controllers
        switch bits(0...3, of: 10) {
        case 0:
            guard !list.contains(where: namespace.controllers.contains) else {
                throw .failed(Self.alreadyAttached)
            }
            guard namespace.isShared || namespace.controllers.count + list.count <= 1 else {
                throw .failed(Self.namespaceIsPrivate)
            }
            try requireRoom(for: namespace, on: list)
            namespace.controllers = (namespace.controllers + list).sorted()
        case 1:
            guard list.allSatisfy(namespace.controllers.contains) else {
                throw .failed(Self.notAttached)
            }
            namespace.controllers.removeAll(where: list.contains)
        default:
            throw .invalidField(dword: 10)
        }
        drive.namespaces[namespace.identifier] = namespace
        drive.noteChange(ofNamespace: namespace.identifier, controllers: list)
        return AdminResult()
    }

    /// Finds controllers that no further namespace can be attached to.
    private func requireRoom(
        for namespace: NamespaceState,
        on list: [UInt16]
    ) throws(AdminFailure) {
        for identifier in list {
            let limit = drive.description.maximumAttachments
            let count = drive.namespaces.namespaces.count { $0.controllers.contains(identifier) }
            guard limit == 0 || count < limit else {
                throw .failed(.namespaceAttachmentLimitExceeded)
            }
            guard let index = drive.controllerIndex(identifier),
                drive.controllers[index].description.kind != .administrative
            else { throw .failed(Self.controllerListInvalid) }
        }
    }

    private func rememberNamespace(_ namespace: NamespaceState) {
        var image = ByteImage(size: 48)
        image.put(dword(10), at: 0)
        image.put(namespace.blocks, at: 8)
        image.put(namespace.capacity, at: 24)
        image.put(namespace.format, at: 32)
        image.put(namespace.protection, at: 33)
        image.put(namespace.isShared ? UInt8(1) : 0, at: 34)
        image.put(namespace.nvmSet, at: 40)
        image.put(namespace.identifier, at: 44)
        drive.remember(.changeNamespace, controller: controller, image.bytes)
    }

    private static let invalidAccessGroup = NVMeStatus(codeType: 1, code: 0x24)
    private static let commandSetNotSupported = NVMeStatus(codeType: 1, code: 0x29)
    private static let thinProvisioningNotSupported = NVMeStatus(codeType: 1, code: 0x1B)
    private static let insufficientCapacity = NVMeStatus(codeType: 1, code: 0x15)
    private static let identifierUnavailable = NVMeStatus(codeType: 1, code: 0x16)
    private static let alreadyAttached = NVMeStatus(codeType: 1, code: 0x18)
    private static let namespaceIsPrivate = NVMeStatus(codeType: 1, code: 0x19)
    private static let notAttached = NVMeStatus(codeType: 1, code: 0x1A)
    private static let controllerListInvalid = NVMeStatus(codeType: 1, code: 0x1C)
}
