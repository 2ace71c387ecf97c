/// A command that the specification leaves to the drive, and the simulated drive can do.
public enum OptionalCommand: String, Sendable, Hashable, CaseIterable {
    /// NVMe-MI VPD Write.
    case vpdWrite = "vpd-write"
    /// NVMe-MI Reset.
    case reset
    /// NVMe-MI Shutdown.
    case shutdown
    /// NVMe-MI Management Endpoint Buffer Read and Write.
    case endpointBuffer = "endpoint-buffer"
    /// Admin Set Features.
    case setFeatures = "set-features"
    /// Admin Namespace Management and Namespace Attachment.
    case namespaceManagement = "namespace-management"
    /// Admin Firmware Image Download and Firmware Commit.
    case firmware
    /// Admin Device Self-test.
    case selfTest = "self-test"
    /// Admin Format NVM.
    case format
    /// Admin Security Send and Security Receive.
    case security
    /// Admin Sanitize.
    case sanitize
    /// Admin Sanitize Namespace.
    case sanitizeNamespace = "sanitize-namespace"
    /// Virtualization Management.
    case virtualization
    /// Capacity Management.
    case capacity
    /// Lockdown.
    case lockdown
    /// Get LBA Status.
    case lbaStatus = "lba-status"
    /// The PCIe commands.
    case pcie
    /// Commands of the vendor's.
    case vendor

    /// What a data-centre drive offers.
    public static let usual: Set<OptionalCommand> = [
        .vpdWrite, .reset, .setFeatures, .namespaceManagement, .firmware, .selfTest, .format,
        .security, .sanitize,
    ]
}
