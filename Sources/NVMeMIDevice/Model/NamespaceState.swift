/// A namespace while it exists.
struct NamespaceState {
    let identifier: UInt32
    /// Size in logical blocks.
    var blocks: UInt64
    /// Capacity in logical blocks.
    var capacity: UInt64
    /// Blocks in use.
    var used: UInt64
    /// What Sanitize Namespace does to it or did.
    var sanitize = SanitizeState()
    /// Index of the logical block format.
    var format: UInt8
    /// End-to-end protection settings as Format NVM and Namespace Management take them.
    var protection: UInt8 = 0
    /// Metadata is transferred as part of an extended block.
    var metadataIsInterleaved = false
    var isShared: Bool
    var isWriteProtected: Bool { protectionState != 0 }
    /// Attached controllers in ascending order.
    var controllers: [UInt16]
    /// Group for asymmetric access.
    var accessGroup: UInt32 { (identifier &- 1) % 2 + 1 }
    /// NVM set that the blocks are in, and its endurance group; 0 where there are none.
    var nvmSet: UInt16 = 0
    var enduranceGroup: UInt16 = 0
    /// State of the write protection feature: 0 none, 1 protected, 2 until power is lost, 3 for ever.
    var protectionState: UInt8 = 0
    let eui64: [UInt8]
    let nguid: [UInt8]
    let uuid: DeviceUUID
}
