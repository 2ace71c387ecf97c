/// A namespace while it exists.
struct NamespaceState {
    let identifier: UInt32
    /// Size in logical blocks.
    var blocks: UInt64
    /// Capacity in logical blocks.
    var capacity: UInt64
    /// Blocks in use.
    var used: UInt64
    /// Index of the logical block format.
    var format: UInt8
    /// End-to-end protection settings as Format NVM and Namespace Management take them.
    var protection: UInt8 = 0
    /// Metadata is transferred as part of an extended block.
    var metadataIsInterleaved = false
    var isShared: Bool
    var isWriteProtected: Bool
    /// Attached controllers in ascending order.
    var controllers: [UInt16]
    let eui64: [UInt8]
    let nguid: [UInt8]
    let uuid: DeviceUUID
}
