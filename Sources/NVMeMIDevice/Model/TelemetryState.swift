/// Telemetry snapshots: one that hosts create, and one that the controller made by itself.
struct TelemetryState {
    /// Counts the host-initiated snapshots.
    private(set) var hostGeneration: UInt8 = 0
    /// Counts the controller-initiated ones.
    private(set) var controllerGeneration: UInt8 = 1
    /// A controller-initiated snapshot waits to be read.
    private(set) var isAvailable = true
    /// Why the last controller-initiated snapshot was made.
    private(set) var reason = "simulated"
    /// How many more of the commands that read data are followed by another snapshot of both kinds.
    var pendingChanges: UInt32 = 0
    /// Snapshots that were made behind a reader's back; their data differ from those before.
    private(set) var changes: UInt8 = 0

    mutating func createForHost() { hostGeneration &+= 1 }

    mutating func create(because reason: String) {
        controllerGeneration &+= 1
        isAvailable = true
        self.reason = reason
    }

    /// The snapshot was read to the end and may be replaced.
    mutating func acknowledge() { isAvailable = false }

    /// Data was read: another snapshot is made where that is wished.
    mutating func dataWasRead() {
        guard pendingChanges > 0 else { return }
        pendingChanges -= 1
        changes &+= 1
        createForHost()
        create(because: "changed while it was read")
    }
}
