import NVMeMI

/// Who a drive is, by what it says of itself.
public struct DriveIdentity: Hashable, Sendable {
    /// The PCI vendor identifier.
    public var vendorID: UInt16
    /// The model number without padding.
    public var model: String
    /// The serial number without padding.
    public var serialNumber: String
    /// The firmware revision without padding.
    public var firmware: String
    /// The NVM Subsystem NQN; empty when the controller tells none.
    public var subsystemNQN: String

    init(_ controller: ControllerFacts) {
        vendorID = controller.vendorID
        model = controller.modelNumber
        serialNumber = controller.serialNumber
        firmware = controller.firmwareRevision
        subsystemNQN = controller.subsystemNQN
    }

    /// Whether it is the same drive, perhaps with another firmware.
    public func isSameDrive(as other: DriveIdentity) -> Bool {
        vendorID == other.vendorID && model == other.model && serialNumber == other.serialNumber
    }

    /// What two endpoints of one subsystem have in common, and endpoints of two subsystems have not.
    ///
    /// All three, as there are makes of drives that share one NQN, and vendors that number their drives from 1
    /// in every model; nil for a drive that tells not all of them, which is then a drive of its own.
    var subsystemKey: SubsystemKey? {
        guard !subsystemNQN.isEmpty, !serialNumber.isEmpty, vendorID != 0 else { return nil }
        return SubsystemKey(nqn: subsystemNQN, vendorID: vendorID, serialNumber: serialNumber)
    }
}

/// By what endpoints are known to be of one NVM subsystem.
struct SubsystemKey: Hashable {
    let nqn: String
    let vendorID: UInt16
    let serialNumber: String
}
