internal import NVMeMI

/// The Persistent Event log (0Dh).
extension AdminContext {
    private static let headerSize = 512

    /// Reads the log as it was when its context was established; the command may establish or release one.
    func persistentEvents() throws(AdminFailure) -> [UInt8] {
        switch bits(8...9, of: 10) {
        case 0:
            guard let log = drive.history.context(of: controllerIdentifier) else {
                throw .failed(.commandSequenceError, location: 41)
            }
            return log
        case 1:
            guard drive.history.context(of: controllerIdentifier) == nil else {
                throw .failed(.commandSequenceError, location: 41)
            }
            let log = persistentEventLog(generation: drive.history.generation &+ 1)
            drive.history.establish(log, for: controllerIdentifier)
            return log
        case 2:
            drive.history.release(controllerIdentifier)
            return []
        default:
            throw .invalidField(dword: 10, byte: 1)
        }
    }

    private func persistentEventLog(generation: UInt16) -> [UInt8] {
        let description = drive.description
        // Newest first, as readers expect of logs.
        let events = drive.history.events.reversed().flatMap(\.bytes)
        var image = ByteImage(size: Self.headerSize)
        image.put(UInt8(0x0D), at: 0)
        image.put(UInt32(drive.history.events.count), at: 4)
        image.put(UInt64(Self.headerSize + events.count), at: 8)
        image.put(UInt8(description.nvmeVersion >= 0x0002_0000 ? 3 : 1), at: 16)
        image.put(UInt16(Self.headerSize - 20), at: 18)
        image.put(drive.controllers[controller].features.timestampData(at: now), at: 20)
        image.put(drive.health.powerOnHours(at: now), at: 28)
        image.put(drive.health.values.powerCycles, at: 44)
        image.put(description.vendorID, at: 52)
        image.put(description.subsystemVendorID, at: 54)
        image.put(description.serialNumber, at: 56, width: 20)
        image.put(description.modelNumber, at: 76, width: 40)
        image.put(Array(description.qualifiedName.utf8.prefix(255)), at: 116)
        image.put(generation, at: 372)
        for kind in PersistentEvents.Kind.allCases {
            let byte = 480 + Int(kind.rawValue) / 8
            image.put(image.bytes[byte] | 1 << (kind.rawValue % 8), at: byte)
        }
        image.append(events)
        return image.bytes
    }
}

extension Drive {
    /// Remembers something that happened, on a controller or on all of it.
    func remember(_ kind: PersistentEvents.Kind, controller: Int = 0, _ data: [UInt8]) {
        guard has(.persistentEvents) else { return }
        history.add(
            PersistentEvents.Event(
                kind: kind,
                controller: controllers[controller].identifier,
                timestamp: controllers[controller].features.timestampData(at: now),
                data: data
            )
        )
    }

    /// Remembers that power came or the subsystem was reset.
    func rememberStart() {
        var image = ByteImage(size: 8 + 20 * controllers.prefix(8).count)
        image.put(firmware.activeRevision, at: 0, width: 8)
        for (index, controller) in controllers.prefix(8).enumerated() {
            image.put(controller.identifier, at: 8 + 20 * index)
            image.put(UInt32(clamping: health.values.powerCycles), at: 8 + 20 * index + 16)
        }
        remember(.powerOnOrReset, image.bytes)
    }
}
