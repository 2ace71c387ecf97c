/// A controller while the drive runs.
struct ControllerState {
    /// What the controller is.
    let description: ControllerDescription
    /// CC.EN.
    var isEnabled: Bool
    /// CSTS.RDY.
    var isReady: Bool
    /// CSTS.CFS.
    var hasFatalStatus = false
    /// CSTS.SHST: 0 normal, 1 in progress, 2 complete.
    var shutdownStatus: UInt8 = 0
    /// CSTS.NSSRO.
    var subsystemResetOccurred = false
    /// Namespaces whose attributes changed since the log page that lists them was read.
    var changedNamespaces: [UInt32] = []
    /// Namespaces that were made or deleted since the log page that lists those was read.
    var changedAllocated: [UInt32] = []
    /// Flexible resources that were assigned: queues, interrupts.
    var resources: [UInt16] = [0, 0]
    /// A secondary controller that may be used.
    var isOnline = true
    /// Features as they were set.
    var features: FeatureState

    init(_ description: ControllerDescription, features: FeatureState) {
        self.description = description
        self.features = features
        // A secondary controller that a host uses has what that takes, and is online.
        if description.function == .virtual {
            isOnline = description.isEnabled
            resources = description.isEnabled ? [2, 1] : [0, 0]
        }
        isEnabled = description.isEnabled
        isReady = description.isEnabled
    }

    var identifier: UInt16 { description.identifier }
}
