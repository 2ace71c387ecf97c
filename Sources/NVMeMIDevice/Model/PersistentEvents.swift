/// What the drive remembers of its history, beyond resets.
struct PersistentEvents {
    /// Type of an event as the log numbers it.
    enum Kind: UInt8, CaseIterable {
        case healthSnapshot = 0x01
        case firmwareCommit = 0x02
        case timestampChange = 0x03
        case powerOnOrReset = 0x04
        case changeNamespace = 0x06
        case formatStart = 0x07
        case formatCompletion = 0x08
        case sanitizeStart = 0x09
        case sanitizeCompletion = 0x0A
        case setFeature = 0x0B
        case telemetryCreated = 0x0C
        case thermalExcursion = 0x0D
    }

    struct Event {
        let kind: Kind
        let controller: UInt16
        /// Timestamp feature's data at the time.
        let timestamp: [UInt8]
        let data: [UInt8]

        /// The event as the log holds it: 24 bytes of header, then its data.
        var bytes: [UInt8] {
            var image = ByteImage(size: 24)
            image.put(kind.rawValue, at: 0)
            image.put(UInt8(1), at: 1)
            // Length of the header without its first three bytes.
            image.put(UInt8(21), at: 2)
            image.put(controller, at: 4)
            image.put(timestamp, at: 6)
            image.put(UInt16(data.count), at: 22)
            image.append(data)
            return image.bytes
        }
    }

    /// The latest, oldest first.
    private(set) var events: [Event] = []
    /// Counts how often a context was established.
    private(set) var generation: UInt16 = 0
    /// The log as it was when its context was established, by controller; what is read stays as it was.
    private var contexts: [UInt16: [UInt8]] = [:]

    private static let capacity = 100

    mutating func add(_ event: Event) {
        events.append(event)
        if events.count > Self.capacity { events.removeFirst() }
    }

    func context(of controller: UInt16) -> [UInt8]? { contexts[controller] }

    mutating func establish(_ log: [UInt8], for controller: UInt16) {
        generation &+= 1
        contexts[controller] = log
    }

    mutating func release(_ controller: UInt16) { contexts[controller] = nil }

    mutating func releaseAll() { contexts = [:] }
}
