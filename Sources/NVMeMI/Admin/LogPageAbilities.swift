/// What Get Log Page can do on a controller, as its Identify data says.
public struct LogPageAbilities: Hashable, Sendable {
    /// True when a command can begin within a page, and produce more than 16 KiB (LPA bit 2).
    ///
    /// A controller without it ignores the offset and returns the beginning of the page again.
    public var hasOffset: Bool

    /// True when a command can leave asynchronous events alone, which NVMe 1.3 brought.
    ///
    /// Before, the bit is reserved: some controllers refuse it, or answer with zeros.
    public var hasRetainedEvents: Bool

    /// What a controller can do.
    public init(hasOffset: Bool, hasRetainedEvents: Bool) {
        self.hasOffset = hasOffset
        self.hasRetainedEvents = hasRetainedEvents
    }

    /// Everything.
    public static let all = Self(hasOffset: true, hasRetainedEvents: true)
}

extension LogPageIdentifier {
    /// True when reading the page acknowledges asynchronous events, so that there is something to retain.
    public var acknowledgesEvents: Bool {
        switch rawValue {
        // Errors, health, namespaces, firmware, telemetry by the controller.
        case 0x01, 0x02, 0x03, 0x04, 0x08: true
        // Predictable latency, asymmetric access, block status, endurance groups.
        case 0x0B, 0x0C, 0x0E, 0x0F: true
        // Reachability, allocated namespaces, resets of other controllers, lost hosts.
        case 0x1A...0x1C, 0x1E, 0x1F: true
        // Discovery.
        case 0x70...0x73: true
        // Reservations, sanitizing, zones.
        case 0x80, 0x81, 0xBF: true
        default: false
        }
    }
}

extension Query where Base == GetLogPage {
    /// The query without acknowledging events, where that means something.
    public func retainingEvents(with abilities: LogPageAbilities) -> Self {
        Self(base.retainingEvents(true, with: abilities))
    }
}

extension GetLogPage {
    /// The command with Retain Asynchronous Event as wished where it means something, and without it elsewhere.
    public func retainingEvents(_ isWished: Bool, with abilities: LogPageAbilities) -> Self {
        var command = self
        command.retainsAsynchronousEvent =
            isWished && abilities.hasRetainedEvents && page.acknowledgesEvents
        return command
    }
}
