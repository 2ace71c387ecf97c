internal import NVMeMI

/// Capacity Management: endurance groups and NVM sets come and go.
extension AdminContext {
    func manageCapacity() throws(AdminFailure) -> AdminResult {
        let element = UInt16(bits(16...31, of: 10))
        let capacity = UInt64(dword(12)) << 32 | UInt64(dword(11))
        switch bits(0...3, of: 10) {
        case 0:
            // The only configuration there is may be chosen as long as nothing would be lost.
            guard element == 1 else { throw .invalidField(dword: 10, byte: 2) }
            guard drive.media.groups.isEmpty else { throw .failed(.commandSequenceError) }
            _ = drive.media.createGroup(drive.description.capacity)
        case 1:
            return AdminResult(result: UInt32(try createGroup(capacity)))
        case 2:
            guard drive.media.group(element) != nil else { throw .invalidField(dword: 10, byte: 2) }
            deleteNamespaces { $0.enduranceGroup == element }
            drive.media.deleteGroup(element)
        case 3:
            return AdminResult(result: UInt32(try createSet(capacity, in: element)))
        case 4:
            guard drive.media.set(element) != nil else { throw .invalidField(dword: 10, byte: 2) }
            deleteNamespaces { $0.nvmSet == element }
            drive.media.deleteSet(element)
        default:
            throw .invalidField(dword: 10)
        }
        return AdminResult()
    }

    private func createGroup(_ capacity: UInt64) throws(AdminFailure) -> UInt16 {
        let used = drive.media.groups.reduce(0) { $0 + $1.capacity }
        guard capacity > 0, capacity <= drive.description.capacity - used else {
            throw .failed(.insufficientCapacity)
        }
        guard let group = drive.media.createGroup(capacity) else {
            throw .failed(Self.identifierUnavailable)
        }
        return group
    }

    private func createSet(_ capacity: UInt64, in identifier: UInt16) throws(AdminFailure) -> UInt16
    {
        guard let group = drive.media.group(identifier) else {
            throw .invalidField(dword: 10, byte: 2)
        }
        guard capacity > 0, capacity <= drive.media.unallocated(in: group) else {
            throw .failed(.insufficientCapacity)
        }
        guard let set = drive.media.createSet(capacity, in: identifier) else {
            throw .failed(Self.identifierUnavailable)
        }
        return set
    }

    private func deleteNamespaces(_ isDoomed: (NamespaceState) -> Bool) {
        for namespace in drive.namespaces.namespaces.filter(isDoomed) { drive.delete(namespace) }
    }

    /// No identifier is left for another element.
    private static let identifierUnavailable = NVMeStatus(codeType: 1, code: 0x2D)
}
