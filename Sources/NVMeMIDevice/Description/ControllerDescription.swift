/// One controller of the simulated NVM subsystem.
public struct ControllerDescription: Sendable, Hashable {
    /// The PCI function the controller sits on, which health polls can select by.
    public enum Function: String, Sendable, Hashable, CaseIterable {
        /// An ordinary function without SR-IOV.
        case physical
        /// An SR-IOV physical function.
        case primary
        /// An SR-IOV virtual function.
        case virtual
    }

    /// What Identify Controller says the controller is for, coded as CNTRLTYPE.
    public enum Kind: UInt8, Sendable, Hashable, CaseIterable {
        /// Not reported, as controllers before NVMe 1.4 do.
        case unreported = 0
        /// An I/O controller.
        case inputOutput = 1
        /// An administrative controller.
        case administrative = 3
    }

    /// Controller identifier (CNTLID).
    public var identifier: UInt16
    /// Port the controller is reached through by its host.
    public var port: UInt8
    /// PCI function kind.
    public var function: Function = .physical
    /// Controller type.
    public var kind: Kind = .inputOutput
    /// PCI bus number of the routing identifier.
    public var bus: UInt8 = 1
    /// PCI device and function numbers of the routing identifier (device 7:3, function 2:0).
    public var deviceFunction: UInt8 = 0
    /// A host has set CC.EN; the controller is then ready.
    public var isEnabled = true

    /// A controller with the usual values.
    ///
    /// - Parameters:
    ///   - identifier: Controller identifier.
    ///   - port: Port the host uses.
    public init(identifier: UInt16, port: UInt8) {
        self.identifier = identifier
        self.port = port
    }
}
