/// One namespace of the simulated NVM subsystem.
public struct NamespaceDescription: Sendable, Hashable {
    /// Namespace identifier, counting from 1.
    public var identifier: UInt32
    /// Size in bytes; rounded down to whole logical blocks.
    public var size: UInt64
    /// Part of the size that is in use, in percent.
    public var utilization: UInt8 = 50
    /// Index into the drive's list of logical block formats.
    public var format: UInt8 = 0
    /// Several controllers may be attached at a time.
    public var isShared = false
    /// Controllers the namespace is attached to; `nil` means all of them.
    public var controllers: [UInt16]?
    /// The namespace refuses to be written.
    public var isWriteProtected = false
    /// EUI-64, eight bytes; `nil` derives one from the drive's serial number.
    public var eui64: [UInt8]?
    /// NGUID, sixteen bytes; `nil` derives one from the drive's serial number.
    public var nguid: [UInt8]?
    /// UUID; `nil` derives one from the drive's serial number.
    public var uuid: DeviceUUID?

    /// A private namespace of the first logical block format, attached everywhere.
    ///
    /// - Parameters:
    ///   - identifier: Namespace identifier, from 1.
    ///   - size: Size in bytes.
    public init(identifier: UInt32, size: UInt64) {
        self.identifier = identifier
        self.size = size
    }
}
