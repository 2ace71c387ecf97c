/// The categories of commands that a fault can be limited to.
public enum FaultCategory: String, Sendable, Hashable, CaseIterable {
    /// Control primitives.
    case control
    /// Commands of the Management Interface command set.
    case management = "mi"
    /// Commands of the NVMe Admin command set.
    case admin
    /// Commands of the PCIe command set.
    case pcie
}
