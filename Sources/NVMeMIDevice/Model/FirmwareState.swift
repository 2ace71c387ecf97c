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

    /// What is known of the image in each slot, by the slot's number.
    private var headers: [UInt8: FirmwareImageHeader] = [:]

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

    /// What the downloaded image says of itself; `nil` when there is no image or it is not whole or
    /// none of a simulated drive.
    var downloadedHeader: FirmwareImageHeader? { wholeImage.flatMap(FirmwareImageHeader.init) }

    /// What the image under download says of itself, as far as its beginning is there.
    var headerUnderDownload: FirmwareImageHeader? { FirmwareImageHeader(image) }

    /// What the image in a slot said of itself; `nil` for the images that the drive came with.
    func header(ofSlot slot: UInt8) -> FirmwareImageHeader? { headers[slot] }

    /// Puts the downloaded image into a slot, from 1.
    mutating func store(_ header: FirmwareImageHeader, inSlot slot: UInt8) {
        revisions[Int(slot) - 1] = header.revision
        headers[slot] = header
        discardImage()
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
        // One that does not start is left for the one that ran.
        guard !(headers[slot]?.isStale ?? false) else { return false }
        defer { active = slot }
        return slot != active
    }
}
