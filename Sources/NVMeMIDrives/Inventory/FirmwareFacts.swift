import NVMeMI

/// What is kept of a controller's firmware slots.
public struct FirmwareFacts: Equatable, Sendable {
    /// The slot that the running firmware is from.
    public var activeSlot: UInt8
    /// The slot that the next reset activates; 0 when that does not change.
    public var nextSlot: UInt8
    /// The revision in each slot, from slot 1 on; empty where the slot is.
    public var revisions: [String]

    init(_ log: FirmwareSlotLog, slots: UInt8) {
        activeSlot = log.activeSlot
        nextSlot = log.nextActiveSlot
        // One that does not say how many slots it has shows those that are in use.
        let used = log.revisions.lastIndex { !$0.isEmpty }.map { $0 + 1 } ?? 0
        revisions = Array(log.revisions.prefix(max(Int(slots), used)))
    }
}
