/// What PCIe commands reach: the configuration space of the function, and memory and I/O space behind it.
struct FunctionSpace {
    /// Configuration space of PCI Express.
    var configuration: [UInt8]
    /// The memory behind base address register 0: the controller's registers.
    var memory: [UInt8]
    /// An I/O space behind base address register 2.
    var ports = [UInt8](repeating: 0, count: 256)

    /// The first bytes of configuration space that can be written: the command register, and nothing of the identity.
    static let writable = 4..<6

    init(_ description: DriveDescription) {
        var space = ByteImage(size: 4_096)
        space.put(description.vendorID, at: 0)
        space.put(description.deviceID, at: 2)
        space.put(UInt16(0x0406), at: 4)
        space.put(UInt16(0x0010), at: 6)
        // Class: mass storage, non-volatile memory, NVMe.
        space.put([0x02, 0x08, 0x01], at: 9)
        space.put(UInt32(0xFE80_0004), at: 16)
        space.put(description.subsystemVendorID, at: 44)
        space.put(description.subsystemID, at: 46)
        configuration = space.bytes
        var registers = ByteImage(size: 4_096)
        // CAP: 1024 queue entries, 5 s to become ready; VS.
        registers.put(UInt64(0x0000_0020_0A01_03FF), at: 0)
        registers.put(description.nvmeVersion, at: 8)
        registers.put(UInt32(0x0046_0001), at: 20)
        registers.put(UInt32(1), at: 28)
        memory = registers.bytes
    }
}
