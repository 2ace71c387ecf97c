extension Drive {
    /// Bytes of the media that belong to no namespace.
    var unallocatedCapacity: UInt64 {
        let allocated = namespaces.namespaces.reduce(UInt64(0)) { sum, namespace in
            sum &+ namespace.blocks &* UInt64(description.formats[Int(namespace.format)].dataSize)
        }
        return description.capacity > allocated ? description.capacity - allocated : 0
    }

    /// Bytes that a set, or a group where there are no sets, has left for namespaces.
    func unallocated(in place: (set: UInt16, group: UInt16)) -> UInt64 {
        let capacity = media.set(place.set)?.capacity ?? media.group(place.group)?.capacity
        guard let capacity else { return unallocatedCapacity }
        let used = namespaces.namespaces.filter {
            place.set != 0 ? $0.nvmSet == place.set : $0.enduranceGroup == place.group
        }.reduce(UInt64(0)) { sum, namespace in
            sum &+ namespace.blocks &* UInt64(description.formats[Int(namespace.format)].dataSize)
        }
        return capacity > used ? capacity - used : 0
    }

    /// Deletes a namespace.
    func delete(_ namespace: NamespaceState) {
        namespaces[namespace.identifier] = nil
        metadata = metadata.filter { $0.key.namespace != namespace.identifier }
        if selfTest.isRunning(on: namespace.identifier) {
            selfTest.finish(outcome: 3, powerOnHours: health.powerOnHours(at: now))
        }
        noteAllocation(ofNamespace: namespace.identifier)
        noteChange(ofNamespace: namespace.identifier, controllers: namespace.controllers)
    }
}
