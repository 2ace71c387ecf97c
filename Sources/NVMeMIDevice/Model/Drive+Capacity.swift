extension Drive {
    /// Bytes of the media that belong to no namespace.
    var unallocatedCapacity: UInt64 {
        let allocated = namespaces.namespaces.reduce(UInt64(0)) { sum, namespace in
            sum &+ namespace.blocks &* UInt64(description.formats[Int(namespace.format)].dataSize)
        }
        return description.capacity > allocated ? description.capacity - allocated : 0
    }
}
