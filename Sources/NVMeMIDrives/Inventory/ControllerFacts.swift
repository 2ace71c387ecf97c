public import NVMeMI

/// What is kept of a controller's identity: what is published, and what decides how it is asked.
public struct ControllerFacts: Equatable, Sendable {
    /// The PCI vendor identifier.
    public var vendorID: UInt16
    /// Without padding.
    public var modelNumber: String
    /// Without padding.
    public var serialNumber: String
    /// The active firmware's, without padding.
    public var firmwareRevision: String
    /// The NVM Subsystem NQN; empty when it tells none.
    public var subsystemNQN: String
    /// The NVMe version.
    public var version: NVMeVersion
    /// What kind of controller it is.
    public var type: ControllerType
    /// In bytes; the largest number when it is larger.
    public var totalCapacity: UInt64
    /// In bytes; the largest number when it is larger.
    public var unallocatedCapacity: UInt64
    /// Temperature from which it warns, in degrees Celsius; nil when it tells none.
    public var warningTemperature: Int16?
    /// Temperature from which it may stop working, in degrees Celsius; nil when it tells none.
    public var criticalTemperature: Int16?
    /// Entries of the error log, less one.
    public var errorLogPageEntries: UInt8
    /// What Get Log Page can do on it.
    public var logPageAbilities: LogPageAbilities
    /// What it says beforehand that it has and has not.
    public var abilities: ControllerAbilities
    /// What it says beforehand of erasing.
    public var erasing: ErasingAbilities
    /// Whether it knows descriptors of namespaces, which came with NVMe 1.3; to ask others would leave an entry
    /// in their error log each time.
    var knowsNamespaceDescriptors: Bool
    private var subsystemVendorID: UInt16
    private var controllerID: UInt16
    /// The greatest namespace identifier.
    public var maximumNamespaceID: UInt32

    init(_ identity: IdentifyController) {
        vendorID = identity.vendorID
        modelNumber = identity.modelNumber
        serialNumber = identity.serialNumber
        firmwareRevision = identity.firmwareRevision
        subsystemNQN = identity.subsystemNQN
        version = identity.nvmeVersion
        type = identity.controllerType
        totalCapacity = UInt64(clamping: identity.totalNVMCapacity)
        unallocatedCapacity = UInt64(clamping: identity.unallocatedNVMCapacity)
        warningTemperature = Self.celsius(identity.warningTemperatureThreshold)
        criticalTemperature = Self.celsius(identity.criticalTemperatureThreshold)
        errorLogPageEntries = identity.errorLogPageEntries
        logPageAbilities = identity.logPageAbilities
        abilities = ControllerAbilities(identity)
        erasing = ErasingAbilities(identity)
        knowsNamespaceDescriptors = !identity.rulesOut(IdentifyStructure.namespaceDescriptors)
        subsystemVendorID = identity.subsystemVendorID
        controllerID = identity.controllerID
        maximumNamespaceID = identity.maximumNamespaceID
    }

    private static func celsius(_ kelvin: UInt16) -> Int16? {
        kelvin == 0 ? nil : Temperature(kelvin: kelvin).celsius
    }

    /// "major.minor.tertiary"; empty when it is not reported.
    public var versionText: String { version.rawValue == 0 ? "" : "\(version)" }

    /// Whether what was answered to a request for something else is this controller again.
    func isRepeated(in answer: [UInt8]) -> Bool {
        var identity = IdentifyController()
        identity.vendorID = vendorID
        identity.subsystemVendorID = subsystemVendorID
        identity.serialNumber = serialNumber
        identity.modelNumber = modelNumber
        identity.controllerID = controllerID
        identity.nvmeVersion = version
        return identity.isRepeated(in: answer)
    }
}
