internal import NVMeMI

/// The Telemetry logs (07h host-initiated, 08h controller-initiated): a header block, then data blocks.
extension AdminContext {
    /// Last blocks of the data areas 1 to 3.
    private static let areas: [UInt16] = [8, 32, 128]
    /// Last block of data area 4, where there is one.
    private static let area4: UInt32 = 160

    /// The host-initiated snapshot, made anew when the command says so.
    func hostTelemetry() -> AdminResult {
        if bits(8...8, of: 10) == 1 {
            drive.telemetry.createForHost()
            drive.remember(.telemetryCreated, controller: controller, telemetryHeader(0x07))
        }
        return telemetry(0x07)
    }

    /// The snapshot that the controller made; a reader that does not retain its event is done with it.
    func controllerTelemetry() -> AdminResult {
        let snapshot = telemetry(0x08)
        if bits(15...15, of: 10) == 0 { drive.telemetry.acknowledge() }
        return snapshot
    }

    /// The data is a pattern that tells the position of each byte, so that a reader can check what it put together,
    /// and another one after each change behind a reader's back.
    private func telemetry(_ identifier: UInt8) -> AdminResult {
        let header = telemetryHeader(identifier)
        let blocks = drive.has(.telemetryArea4) ? Int(Self.area4) : Int(Self.areas.last ?? 0)
        let changes = Int(drive.telemetry.changes)
        if dword(12) >= 512 { drive.telemetry.dataWasRead() }
        return AdminResult(length: 512 * (1 + blocks)) { range in
            range.map { place in
                place < 512
                    ? header[place] : UInt8(truncatingIfNeeded: place / 512 &+ place &+ changes)
            }
        }
    }

    private func telemetryHeader(_ identifier: UInt8) -> [UInt8] {
        var image = ByteImage(size: 512)
        image.put(identifier, at: 0)
        image.put(Array(littleEndian(drive.description.organisation).prefix(3)), at: 5)
        for (index, area) in Self.areas.enumerated() { image.put(area, at: 8 + 2 * index) }
        if drive.has(.telemetryArea4) { image.put(Self.area4, at: 16) }
        // What is scoped to the controller, from NVMe 2.0 on, and the generation of a host's snapshot.
        let tellsScope = drive.description.nvmeVersion >= 0x0002_0000
        if identifier == 0x07 {
            image.put(tellsScope ? UInt8(1) : 0, at: 380)
            image.put(tellsScope ? drive.telemetry.hostGeneration : 0, at: 381)
        } else {
            image.put(tellsScope ? UInt8(1) : 0, at: 381)
        }
        image.put(drive.telemetry.isAvailable ? UInt8(1) : 0, at: 382)
        image.put(drive.telemetry.controllerGeneration, at: 383)
        image.put(Array(drive.telemetry.reason.utf8.prefix(128)), at: 384)
        return image.bytes
    }
}
