/// Identify of controllers that share flexible resources.
extension AdminContext {
    /// Primary Controller Capabilities (14h): virtual queues and interrupts are flexible.
    var primaryCapabilities: [UInt8] {
        let secondary = drive.controllers.filter { $0.description.function == .virtual }
        let total = UInt32(clamping: secondary.count) * UInt32(Self.resourceLimit)
        var image = ByteImage(size: 80)
        image.put(controllerIdentifier, at: 0)
        image.put(UInt16(drive.controllers[controller].description.port), at: 2)
        image.put(UInt8(3), at: 4)
        for (index, offset) in [32, 64].enumerated() {
            let own = drive.controllers[controller].resources[index]
            let assigned = secondary.reduce(UInt32(0)) { $0 + UInt32($1.resources[index]) }
            image.put(total, at: offset)
            image.put(assigned, at: offset + 4)
            image.put(own, at: offset + 8)
            image.put(UInt16(4), at: offset + 10)
            image.put(Self.resourceLimit, at: offset + 12)
            image.put(UInt16(1), at: offset + 14)
        }
        return image.bytes
    }

    /// Secondary Controller List (15h), from an identifier on.
    func secondaryControllers(from first: UInt16) -> [UInt8] {
        let primary = drive.controllers.first { $0.description.function == .primary }
        let all = drive.controllers.filter { $0.description.function == .virtual }
        var image = ByteImage(size: 32)
        var count: UInt8 = 0
        for (index, secondary) in all.enumerated()
        where secondary.identifier >= first && count < 127 {
            count += 1
            var entry = ByteImage(size: 32)
            entry.put(secondary.identifier, at: 0)
            entry.put(primary?.identifier ?? 0, at: 2)
            entry.put(secondary.isOnline ? UInt8(1) : 0, at: 4)
            entry.put(UInt16(clamping: index + 1), at: 8)
            entry.put(secondary.resources[0], at: 10)
            entry.put(secondary.resources[1], at: 12)
            image.append(entry.bytes)
        }
        image.put(count, at: 0)
        return image.bytes
    }
}
