/// Firmware slots, the image under download, and what waits for a reset.
struct FirmwareState {
    /// Revision in each slot from slot 1; empty for an empty slot.
    var revisions: [String]
    /// Slot whose firmware runs, from 1.
    var active: UInt8
    /// Slot whose firmware runs after the next reset; `nil` when that is the active one.
    var next: UInt8?
    /// Contents of the two boot partitions, and which of them is booted from.
    var bootPartitions: [[UInt8]] = [[], []]
    var activeBootPartition: UInt8 = 0
    /// Bytes downloaded so far, by offset.
    private var image: [UInt8] = []
    private var received: [Range<Int>] = []

    /// What every image of a simulated drive begins with; the revision follows, up to eight
    /// characters that a space, a line break or a zero byte ends.
    static let imagePrefix = "SIMULATED-FIRMWARE "

    /// Largest image the drive takes.
    static let maximumImageSize = 16 << 20

    /// Where a piece of an image may begin, in units of 4 KiB.
    static let granularity: UInt8 = 1

    /// Size of a boot partition, in units of 128 KiB and in bytes.
    static let bootPartitionUnits = 1
    static let bootPartitionSize = bootPartitionUnits << 17

    init(_ description: DriveDescription) {
        revisions = description.firmwareRevisions
        active = description.activeFirmwareSlot
    }

    var activeRevision: String {
        let index = Int(active) - 1
        return revisions.indices.contains(index) ? revisions[index] : ""
    }

    /// Takes a piece of an image; `false` when it overlaps with one that was taken before.
    mutating func download(_ piece: [UInt8], at offset: Int) -> Bool {
        let range = offset..<offset + piece.count
        // Beginning again at 0 begins a new image, as updaters do after a failure.
        if offset == 0 { discardImage() }
        guard !received.contains(where: { $0.overlaps(range) }) else { return false }
        received.append(range)
        if image.count < range.upperBound {
            image += Array(repeating: 0, count: range.upperBound - image.count)
        }
        image.replaceSubrange(range, with: piece)
        return true
    }

    /// The revision in the downloaded image; `nil` when there is no image or it is not whole or
    /// not for this drive.
    var downloadedRevision: String? {
        guard let image = wholeImage else { return nil }
        let prefix = Array(FirmwareState.imagePrefix.utf8)
        guard image.starts(with: prefix) else { return nil }
        let name = image.dropFirst(prefix.count).prefix(8).prefix { (0x21...0x7E).contains($0) }
        return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
    }

    /// The downloaded image, whatever it is for; `nil` when there is none or it is not whole.
    var wholeImage: [UInt8]? {
        received.reduce(0) { $0 + $1.count } == image.count && !image.isEmpty ? image : nil
    }

    mutating func discardImage() {
        image = []
        received = []
    }

    /// Activates what waits for a reset; `true` when other firmware runs now.
    mutating func reset() -> Bool {
        discardImage()
        guard let slot = next else { return false }
        next = nil
        defer { active = slot }
        return slot != active
    }
}
