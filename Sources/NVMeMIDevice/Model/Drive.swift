internal import NVMeMI

/// A simulated NVMe drive as requesters out of band see it.
///
/// Sans I/O: it has no clock, no thread and no file. Messages go in and out through its
/// ``endpoints``; whoever owns the drive brings the time along and changes what a person or the
/// world would change.
public final class Drive {
    /// What the drive is.
    public let description: DriveDescription
    /// A Management Endpoint for each managed port, in the order of the ports.
    public private(set) var endpoints: [ManagementEndpoint] = []
    /// What the drive has seen and done.
    public internal(set) var statistics = DriveStatistics()
    /// Called after the drive has reset, by command or by ``reset(at:)``: endpoint identifiers are
    /// lost.
    public var onReset: (() -> Void)?
    /// Called after the condition of the drive has changed, by command or by a setter.
    public var onChange: (() -> Void)?

    /// The latest time that was told.
    private(set) var now: DeviceTime
    /// When the reset that is going on is over.
    var resetEnd: DeviceTime?
    var faults = FaultSet()

    var health: Health
    var controllers: [ControllerState]
    var namespaces: NamespaceTable
    var firmware: FirmwareState
    var selfTest = SelfTestState()
    var sanitize = SanitizeState()
    var format = FormatState()
    var errorLog: ErrorLog
    var history = PersistentEvents()
    var telemetry = TelemetryState()
    var media: MediaLayout
    var lockdown = Lockdown()
    /// What hosts left, by feature and namespace (0 for controllers).
    var metadata: [MetadataPlace: HostMetadata] = [:]
    /// Counts changes of the ways to namespaces.
    var accessChanges: UInt64 = 0
    var settings: [PortSettings]
    /// Configuration of the vendor's, and the data that its commands keep.
    var vendorSetting: UInt32 = 0
    var vendorData: [UInt8] = []
    /// PCI configuration space and the memory behind the first base address register.
    var functionSpace: FunctionSpace
    var vitalProductData: [UInt8]
    /// How often the VPD can still be written.
    var vitalProductDataWrites: UInt8 = 100
    /// What Security Send stored.
    var securityData: [UInt8] = []

    /// Switches a drive on.
    ///
    /// - Parameters:
    ///   - description: What the drive is; ``DriveDescription/validate()`` must find nothing wrong.
    ///   - now: The time.
    public init(_ description: DriveDescription, at now: DeviceTime = 0) {
        self.description = description
        self.now = now
        health = Health(description.health, activity: description.hostActivity, start: now)
        media = MediaLayout(description)
        functionSpace = FunctionSpace(description)
        let features = FeatureState(description)
        controllers = description.controllers.map { ControllerState($0, features: features) }
        namespaces = NamespaceTable(description)
        firmware = FirmwareState(description)
        errorLog = ErrorLog(count: description.health.errorLogEntries)
        settings = Array(repeating: PortSettings(), count: description.ports.count)
        vitalProductData =
            description.vitalProductData ?? VitalProductData.image(of: description)
        endpoints = description.ports.filter(\.isManaged).map {
            ManagementEndpoint(drive: self, port: $0)
        }
        rememberStart()
    }

    /// What a host's metadata is about.
    struct MetadataPlace: Hashable {
        let feature: UInt8
        let controller: UInt16
        let namespace: UInt32
    }

    /// The Management Endpoint of a port; `nil` when the port has none.
    ///
    /// - Parameter port: Number of the port.
    /// - Returns: The endpoint.
    public func endpoint(onPort port: UInt8) -> ManagementEndpoint? {
        endpoints.first { $0.port == port }
    }

    /// Whether a reset is going on, during which nothing is answered.
    var isResetting: Bool { resetEnd != nil }

    /// Lets time pass: what runs in the background gets on.
    func update(to time: DeviceTime) {
        now = max(now, time)
        if let end = resetEnd, end <= now { resetEnd = nil }
        if selfTest.isRunning {
            selfTest.update(at: now, powerOnHours: health.powerOnHours(at: now))
        }
        if format.isRunning, format.end <= now { endFormat() }
        switch sanitize.update(at: now) {
        case nil: break
        case .failed:
            remember(sanitize)
            report(.sanitizeFailureMode)
        default:
            remember(sanitize)
            eraseEverything()
        }
        for var namespace in namespaces.namespaces {
            guard let outcome = namespace.sanitize.update(at: now) else { continue }
            remember(namespace.sanitize)
            if outcome != .failed { namespace.used = 0 }
            namespaces[namespace.identifier] = namespace
        }
    }

    /// How long a request is in process before it takes effect.
    func processingTime(of request: Request) -> DeviceTime {
        DeviceTime(description.latency) + formattingTime(of: request)
    }

    /// Index of a controller; `nil` when there is none of that identifier.
    func controllerIndex(_ identifier: UInt16) -> Int? {
        // Identifiers are mostly the indices themselves.
        let guess = Int(identifier)
        if guess < controllers.count, controllers[guess].identifier == identifier { return guess }
        return controllers.firstIndex { $0.identifier == identifier }
    }

    private func remember(_ sanitize: SanitizeState) {
        var image = ByteImage(size: 8)
        image.put(sanitize.progress(at: now), at: 0)
        image.put(UInt16(sanitize.status.rawValue), at: 2)
        remember(.sanitizeCompletion, image.bytes)
    }

    private func eraseEverything() {
        for namespace in namespaces.namespaces {
            namespaces[namespace.identifier]?.used = 0
        }
        for endpoint in endpoints {
            endpoint.buffer = Array(repeating: 0, count: endpoint.buffer.count)
            endpoint.bufferWasSanitized = !endpoint.buffer.isEmpty
        }
    }
}
