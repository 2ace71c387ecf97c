/// Firmware Slot Information (log page 03h): which firmware is in which slot.
public struct FirmwareSlotLog: WireStructure {
    /// The slot that the running firmware is from.
    public var activeSlot: UInt8 = 0
    /// The slot that the next reset activates, 0 when it does not change.
    public var nextActiveSlot: UInt8 = 0
    /// Revision in slot 1; empty when the slot is.
    public var slot1 = ""
    /// Revision in slot 2.
    public var slot2 = ""
    /// Revision in slot 3.
    public var slot3 = ""
    /// Revision in slot 4.
    public var slot4 = ""
    /// Revision in slot 5.
    public var slot5 = ""
    /// Revision in slot 6.
    public var slot6 = ""
    /// Revision in slot 7.
    public var slot7 = ""

    /// Empty slots.
    public init() {}

    /// Revisions of the slots 1 to 7; empty where the slot is.
    public var revisions: [String] {
        get { [slot1, slot2, slot3, slot4, slot5, slot6, slot7] }
        set {
            let slots = newValue + Array(repeating: "", count: 7)
            (slot1, slot2, slot3, slot4) = (slots[0], slots[1], slots[2], slots[3])
            (slot5, slot6, slot7) = (slots[4], slots[5], slots[6])
        }
    }

    /// The fields and their places; empty slots are left out, and so is the next slot when it does not change.
    public static let layout = Layout<Self>("Firmware Slot Information", size: 512) {
        Field("ActiveSlot", at: 0, bits: 0...2, \.activeSlot)
        Field("NextActiveSlot", at: 0, bits: 4...6, \.nextActiveSlot, shown: .nonZero)
        Field("FirmwareRevisionSlot1", at: 8, asciiOrZeros: 8, \.slot1)
        Field("FirmwareRevisionSlot2", at: 16, asciiOrZeros: 8, \.slot2)
        Field("FirmwareRevisionSlot3", at: 24, asciiOrZeros: 8, \.slot3)
        Field("FirmwareRevisionSlot4", at: 32, asciiOrZeros: 8, \.slot4)
        Field("FirmwareRevisionSlot5", at: 40, asciiOrZeros: 8, \.slot5)
        Field("FirmwareRevisionSlot6", at: 48, asciiOrZeros: 8, \.slot6)
        Field("FirmwareRevisionSlot7", at: 56, asciiOrZeros: 8, \.slot7)
    }
}
