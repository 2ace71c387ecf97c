/// How an NVM subsystem can be reached in several ways (CMIC).
public struct MultipathCapabilities: WireFlags {
    /// The bits.
    public let rawValue: UInt8

    /// The flags with these bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The subsystem may have more than one port.
    public static let multiplePorts = Self(rawValue: 1 << 0)
    /// The subsystem may have more than one controller.
    public static let multipleControllers = Self(rawValue: 1 << 1)
    /// The controller is an SR-IOV virtual function.
    public static let virtualFunction = Self(rawValue: 1 << 2)
    /// Access to namespaces differs between controllers.
    public static let asymmetricNamespaceAccess = Self(rawValue: 1 << 3)

    /// Names of the bits.
    public static let names: [(bit: Int, name: String)] = [
        (0, "MultiplePorts"),
        (1, "MultipleControllers"),
        (2, "VirtualFunction"),
        (3, "AsymmetricNamespaceAccess"),
    ]
}

/// What kind of controller it is (CNTRLTYPE).
public struct ControllerType: WireEnumeration {
    /// The code.
    public let rawValue: UInt8

    /// The value with a code.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The controller does not say.
    public static let notReported = Self(rawValue: 0)
    /// A controller for data.
    public static let io = Self(rawValue: 1)
    /// A controller for finding others.
    public static let discovery = Self(rawValue: 2)
    /// A controller for administration alone.
    public static let administrative = Self(rawValue: 3)

    /// Names in words.
    public static let names: KeyValuePairs<UInt8, String> = [
        0: "NotReported",
        1: "IO",
        2: "Discovery",
        3: "Administrative",
    ]
}

/// What an NVM subsystem is part of (NVMSR).
public struct SubsystemReport: WireFlags {
    /// The bits.
    public let rawValue: UInt8

    /// The flags with these bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// An NVMe storage device.
    public static let storageDevice = Self(rawValue: 1 << 0)
    /// An NVMe enclosure.
    public static let enclosure = Self(rawValue: 1 << 1)

    /// Names of the bits.
    public static let names: [(bit: Int, name: String)] = [
        (0, "StorageDevice"),
        (1, "Enclosure"),
    ]
}

/// Where an NVM subsystem has management endpoints (MEC).
public struct ManagementEndpointCapabilities: WireFlags {
    /// The bits.
    public let rawValue: UInt8

    /// The flags with these bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// On a 2-wire port.
    public static let twoWirePort = Self(rawValue: 1 << 0)
    /// On a PCIe port.
    public static let pciePort = Self(rawValue: 1 << 1)

    /// Names of the bits.
    public static let names: [(bit: Int, name: String)] = [
        (0, "TwoWirePort"),
        (1, "PCIePort"),
    ]
}

/// What device self-tests can do (DSTO).
public struct SelfTestOptions: WireFlags {
    /// The bits.
    public let rawValue: UInt8

    /// The flags with these bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// There is one self-test at a time in the subsystem, not one for each controller.
    public static let oneAtATimePerSubsystem = Self(rawValue: 1 << 0)
    /// The host can start a refresh.
    public static let hostInitiatedRefresh = Self(rawValue: 1 << 1)

    /// Names of the bits.
    public static let names: [(bit: Int, name: String)] = [
        (0, "OneAtATimePerSubsystem"),
        (1, "HostInitiatedRefresh"),
    ]
}

/// What asymmetric namespace access can do (ANACAP).
public struct AsymmetricAccessCapabilities: WireFlags {
    /// The bits.
    public let rawValue: UInt8

    /// The flags with these bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// There is the optimized state.
    public static let optimized = Self(rawValue: 1 << 0)
    /// There is the non-optimized state.
    public static let nonOptimized = Self(rawValue: 1 << 1)
    /// There is the inaccessible state.
    public static let inaccessible = Self(rawValue: 1 << 2)
    /// There is the state of persistent loss.
    public static let persistentLoss = Self(rawValue: 1 << 3)
    /// There is the state of change.
    public static let change = Self(rawValue: 1 << 4)
    /// The group of an attached namespace does not change.
    public static let groupIDFixed = Self(rawValue: 1 << 6)
    /// The group can be chosen when a namespace is created.
    public static let groupIDManagement = Self(rawValue: 1 << 7)

    /// Names of the bits.
    public static let names: [(bit: Int, name: String)] = [
        (0, "Optimized"),
        (1, "NonOptimized"),
        (2, "Inaccessible"),
        (3, "PersistentLoss"),
        (4, "Change"),
        (6, "GroupIDFixed"),
        (7, "GroupIDManagement"),
    ]
}

/// Which sanitize operations there are (SANICAP 29:0).
public struct SanitizeCapabilities: WireFlags {
    /// The bits.
    public let rawValue: UInt32

    /// The flags with these bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Erasing the keys.
    public static let cryptoErase = Self(rawValue: 1 << 0)
    /// Erasing the blocks.
    public static let blockErase = Self(rawValue: 1 << 1)
    /// Overwriting.
    public static let overwrite = Self(rawValue: 1 << 2)
    /// A stay in the state of media verification afterwards.
    public static let mediaVerification = Self(rawValue: 1 << 3)
    /// Deallocation afterwards cannot be prevented.
    public static let noDeallocateInhibited = Self(rawValue: 1 << 29)

    /// Names of the bits.
    public static let names: [(bit: Int, name: String)] = [
        (0, "CryptoErase"),
        (1, "BlockErase"),
        (2, "Overwrite"),
        (3, "MediaVerification"),
        (29, "NoDeallocateInhibited"),
    ]
}

/// Whether media is changed after a sanitize operation without deallocation (NODMMAS).
public struct NoDeallocateModifiesMedia: WireEnumeration {
    /// The code.
    public let rawValue: UInt8

    /// The value with a code.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The controller does not say.
    public static let notDefined = Self(rawValue: 0)
    /// It is not changed.
    public static let notModified = Self(rawValue: 1)
    /// It is changed.
    public static let modified = Self(rawValue: 2)

    /// Names in words.
    public static let names: KeyValuePairs<UInt8, String> = [
        0: "NotDefined",
        1: "NotModified",
        2: "Modified",
    ]
}

/// What Format NVM concerns (FNA).
public struct FormatAttributes: WireFlags {
    /// The bits.
    public let rawValue: UInt8

    /// The flags with these bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Formatting concerns all namespaces.
    public static let formatAllNamespaces = Self(rawValue: 1 << 0)
    /// Erasing concerns all namespaces.
    public static let eraseAllNamespaces = Self(rawValue: 1 << 1)
    /// There is a cryptographic erase.
    public static let cryptoErase = Self(rawValue: 1 << 2)
    /// The command cannot be for all namespaces at once.
    public static let broadcastNotSupported = Self(rawValue: 1 << 3)

    /// Names of the bits.
    public static let names: [(bit: Int, name: String)] = [
        (0, "FormatAllNamespaces"),
        (1, "EraseAllNamespaces"),
        (2, "CryptoErase"),
        (3, "BroadcastNotSupported"),
    ]
}

/// Fused operations that a controller supports (FUSES).
public struct FusedOperations: WireFlags {
    /// The bits.
    public let rawValue: UInt16

    /// The flags with these bits.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Compare and Write.
    public static let compareAndWrite = Self(rawValue: 1 << 0)

    /// Names of the bits.
    public static let names: [(bit: Int, name: String)] = [
        (0, "CompareAndWrite")
    ]
}

/// Ways in which a namespace can be protected from writing (NWPC).
public struct WriteProtectionCapabilities: WireFlags {
    /// The bits.
    public let rawValue: UInt8

    /// The flags with these bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Until the protection is taken away.
    public static let writeProtect = Self(rawValue: 1 << 0)
    /// Until the next power cycle.
    public static let untilPowerCycle = Self(rawValue: 1 << 1)
    /// For ever.
    public static let permanent = Self(rawValue: 1 << 2)

    /// Names of the bits.
    public static let names: [(bit: Int, name: String)] = [
        (0, "WriteProtect"),
        (1, "UntilPowerCycle"),
        (2, "Permanent"),
    ]
}
