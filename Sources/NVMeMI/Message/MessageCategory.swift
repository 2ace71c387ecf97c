/// The kind of an NVMe-MI message: NVMe-MI Message Type (NMIMT), bits 6:3 of the second byte.
public struct MessageCategory: WireEnumeration {
    /// The code, 0 to 15.
    public let rawValue: UInt8

    /// The category with a code.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Acts on a command slot; can be sent at any time.
    public static let controlPrimitive = Self(rawValue: 0)
    /// Command of the Management Interface.
    public static let managementInterface = Self(rawValue: 1)
    /// NVMe Admin command.
    public static let admin = Self(rawValue: 2)
    /// PCIe command.
    public static let pcie = Self(rawValue: 4)
    /// Message that the endpoint sends on its own.
    public static let asynchronousEvent = Self(rawValue: 5)

    /// Names in words.
    public static let names: KeyValuePairs<UInt8, String> = [
        0: "Control Primitive",
        1: "Management Interface Command",
        2: "Admin Command",
        4: "PCIe Command",
        5: "Asynchronous Event",
    ]
}
