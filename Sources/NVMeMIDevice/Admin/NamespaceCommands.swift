internal import NVMeMI

/// Namespace Management, Namespace Attachment and Format NVM.
extension AdminContext {
    /// Every namespace at once.
    private static let broadcast: UInt32 = 0xFFFF_FFFF

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
        do {
            blocks = try reader.integer(UInt64.self, at: 0, "NSZE")
            capacity = try reader.integer(UInt64.self, at: 8, "NCAP")
            format = try reader.integer(UInt8.self, at: 26, "FLBAS") & 0x0F
            sharing = try reader.integer(UInt8.self, at: 30, "NMIC")
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
        guard !overflow, size <= drive.unallocatedCapacity else {
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
        _ = drive.namespaces.create(description, blocks: blocks)
        drive.onChange?()
        return identifier
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
            drive.namespaces[namespace.identifier] = nil
            drive.noteChange(
                ofNamespace: namespace.identifier,
                controllers: namespace.controllers
            )
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

    func format() throws(AdminFailure) -> AdminResult {
        let format = UInt8(bits(0...3, of: 10) | bits(12...13, of: 10) << 4)
        guard Int(format) < drive.description.formats.count else { throw .failed(.invalidFormat) }
        guard bits(9...11, of: 10) <= 2 else { throw .invalidField(dword: 10, byte: 1) }
        let protection = UInt8(bits(5...7, of: 10))
        let metadata = drive.description.formats[Int(format)].metadataSize
        guard protection <= 3, protection == 0 || metadata >= 8 else {
            throw .failed(.invalidFormat)
        }
        let wanted: [NamespaceState]
        if command.namespace == Self.broadcast {
            wanted = drive.namespaces.namespaces.filter(isActive)
        } else {
            guard let namespace = drive.namespaces[command.namespace] else {
                throw .invalidNamespace
            }
            wanted = [namespace]
        }
        guard !wanted.contains(where: \.isWriteProtected) else {
            throw .failed(.namespaceWriteProtected)
        }
        for var namespace in wanted {
            let old = UInt64(drive.description.formats[Int(namespace.format)].dataSize)
            let new = UInt64(drive.description.formats[Int(format)].dataSize)
            let blocks = namespace.blocks &* old / new
            namespace.blocks = blocks
            namespace.capacity = blocks
            namespace.used = 0
            namespace.format = format
            namespace.protection = protection
            namespace.metadataIsInterleaved = bits(4...4, of: 10) == 1
            drive.namespaces[namespace.identifier] = namespace
            drive.noteChange(
                ofNamespace: namespace.identifier,
                controllers: namespace.controllers
            )
        }
        return AdminResult()
    }

    private static let commandSetNotSupported = NVMeStatus(codeType: 1, code: 0x29)
    private static let thinProvisioningNotSupported = NVMeStatus(codeType: 1, code: 0x1B)
    private static let insufficientCapacity = NVMeStatus(codeType: 1, code: 0x15)
    private static let identifierUnavailable = NVMeStatus(codeType: 1, code: 0x16)
    private static let alreadyAttached = NVMeStatus(codeType: 1, code: 0x18)
    private static let namespaceIsPrivate = NVMeStatus(codeType: 1, code: 0x19)
    private static let notAttached = NVMeStatus(codeType: 1, code: 0x1A)
    private static let controllerListInvalid = NVMeStatus(codeType: 1, code: 0x1C)
}
