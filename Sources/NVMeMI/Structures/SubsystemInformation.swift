/// NVM Subsystem Information (DTYP 00h): how many ports there are and which NVMe-MI version the subsystem follows.
public struct SubsystemInformation: WireStructure {
    /// Number of ports less one; ports are numbered from 0 to this.
    public var greatestPort: UInt8 = 0
    /// Major version of NVMe-MI.
    public var majorVersion: UInt8 = 0
    /// Minor version of NVMe-MI.
    public var minorVersion: UInt8 = 0
    /// Capabilities of the subsystem (NNSC); nothing before NVMe-MI 2.0.
    public var capabilities: UInt8 = 0

    /// One port, version 0.0.
    public init() {}

    /// Number of ports.
    public var portCount: Int { Int(greatestPort) + 1 }

    /// The fields and their places.
    public static let layout = Layout<Self>("NVM Subsystem Information", size: 32) {
        Field("PortCount", at: 0, \.greatestPort, shown: .onePlus)
        Field("MajorVersion", at: 1, \.majorVersion)
        Field("MinorVersion", at: 2, \.minorVersion)
        Field("Capabilities", at: 3, \.capabilities, shown: .hidden)
        Field(derived: "Capabilities") {
            // A reserved byte before NVMe-MI 2.0.
            .unsigned8($0.version < ManagementInterfaceVersion(2, 0) ? 0 : $0.capabilities)
        }
    }
}
