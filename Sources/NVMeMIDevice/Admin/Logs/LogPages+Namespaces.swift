internal import NVMeMI

/// Log pages about namespaces and the ways to them.
extension AdminContext {
    /// Asymmetric Namespace Access (0Ch): groups of namespaces, each with the state of this way to it.
    var asymmetricAccess: [UInt8] {
        let active = drive.namespaces.namespaces.filter(isActive)
        let groups = Drive.accessGroups.map { group in
            (group, active.filter { $0.accessGroup == group }.map(\.identifier))
        }.filter { !$0.1.isEmpty }
        var image = ByteImage(size: 16)
        image.put(drive.accessChanges, at: 0)
        image.put(UInt16(groups.count), at: 8)
        for (group, namespaces) in groups {
            var descriptor = ByteImage(size: 32)
            descriptor.put(group, at: 0)
            descriptor.put(UInt32(namespaces.count), at: 4)
            descriptor.put(drive.accessChanges, at: 8)
            descriptor.put(accessState(of: group), at: 16)
            // Return Groups Only.
            if bits(8...8, of: 10) == 1 {
                descriptor.put(UInt32(0), at: 4)
            } else {
                for namespace in namespaces { descriptor.append(littleEndian(namespace)) }
            }
            image.append(descriptor.bytes)
        }
        return image.bytes
    }

    /// 1 optimized, 2 non-optimized: each controller has a group that it is nearer to.
    private func accessState(of group: UInt32) -> UInt8 {
        drive.controllers.count == 1 || Int(group - 1) == controller % Drive.accessGroups.count
            ? 1 : 2
    }

    /// LBA Status Information (0Eh): no blocks are known to be unreadable.
    var lbaStatusInformation: [UInt8] {
        var image = ByteImage(size: 16)
        image.put(UInt32(16), at: 0)
        return image.bytes
    }

    /// Dispersed Namespace Participating NVM Subsystems (17h): this one alone.
    func dispersedNamespace() throws(AdminFailure) -> [UInt8] {
        guard drive.namespaces[command.namespace] != nil else { throw .invalidNamespace }
        var image = ByteImage(size: 512)
        image.put(UInt64(1), at: 0)
        image.put(UInt64(1), at: 8)
        image.put(Array(drive.description.qualifiedName.utf8.prefix(255)), at: 256)
        return image.bytes
    }

    /// Changed Allocated Namespace List (1Ch); reading clears it unless the command retains it.
    func changedAllocatedNamespaces() -> [UInt8] {
        var image = ByteImage(size: 4_096)
        let changed = drive.controllers[controller].changedAllocated
        if changed.count > 1_024 {
            image.put(UInt32.max, at: 0)
        } else {
            for (index, namespace) in changed.enumerated() { image.put(namespace, at: index * 4) }
        }
        if bits(15...15, of: 10) == 0 { drive.controllers[controller].changedAllocated = [] }
        return image.bytes
    }

    /// Reachability Groups (1Ah): one for each way of access.
    var reachabilityGroups: [UInt8] {
        let allocated = drive.namespaces.namespaces.map(\.identifier)
        var image = ByteImage(size: 16)
        image.put(drive.accessChanges, at: 0)
        image.put(UInt16(1), at: 8)
        var group = ByteImage(size: 32)
        group.put(UInt32(1), at: 0)
        group.put(UInt32(allocated.count), at: 4)
        group.put(drive.accessChanges, at: 8)
        for namespace in allocated { group.append(littleEndian(namespace)) }
        image.append(group.bytes)
        return image.bytes
    }

    /// Reachability Associations (1Bh): one, of the only group.
    var reachabilityAssociations: [UInt8] {
        var image = ByteImage(size: 16)
        image.put(drive.accessChanges, at: 0)
        image.put(UInt16(1), at: 8)
        var association = ByteImage(size: 36)
        association.put(UInt32(1), at: 0)
        association.put(UInt32(1), at: 4)
        association.put(drive.accessChanges, at: 8)
        association.put(UInt32(1), at: 32)
        image.append(association.bytes)
        return image.bytes
    }

    /// Reservation Notification (80h): there is none.
    var reservationNotification: [UInt8] { ByteImage(size: 64).bytes }

    /// Changed Zone List (BFh): no zone has changed.
    func changedZones() throws(AdminFailure) -> [UInt8] {
        guard drive.namespaces[command.namespace] != nil || command.namespace == 0xFFFF_FFFF else {
            throw .invalidNamespace
        }
        return ByteImage(size: 4_096).bytes
    }
}

extension Drive {
    /// Identifiers of the groups of namespaces for asymmetric access.
    static let accessGroups: [UInt32] = [1, 2]
}
