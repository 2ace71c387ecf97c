/// What a slot is doing and which errors the endpoint saw (the response of Get State).
public struct EndpointState: RawRepresentable, Hashable, Sendable {
    /// The 16 bits.
    public var rawValue: UInt16

    /// The state with these bits.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// A state of a slot with errors.
    public init(slotState: SlotState, errors: EndpointErrors = [], isPaused: Bool = false) {
        rawValue =
            UInt16(slotState.rawValue & 3) | errors.rawValue & EndpointErrors.mask
            | (isPaused ? 0x8000 : 0)
    }

    /// What the slot is doing.
    public var slotState: SlotState { SlotState(rawValue: UInt8(truncatingIfNeeded: rawValue & 3)) }

    /// Errors since they were cleared.
    public var errors: EndpointErrors { EndpointErrors(rawValue: rawValue & EndpointErrors.mask) }

    /// True while the endpoint is paused.
    public var isPaused: Bool { rawValue & 0x8000 != 0 }

    /// The values by name.
    public var namedValues: [NamedValue] {
        [
            ("SlotState", slotState.fieldValue),
            ("Errors", errors.fieldValue),
            ("Paused", .boolean(isPaused)),
        ]
    }
}

/// What a command slot is doing.
public struct SlotState: WireEnumeration {
    /// The code.
    public let rawValue: UInt8

    /// The state with a code.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Nothing.
    public static let idle = Self(rawValue: 0)
    /// Receiving a command.
    public static let receive = Self(rawValue: 1)
    /// Carrying out a command.
    public static let process = Self(rawValue: 2)
    /// Sending a response.
    public static let transmit = Self(rawValue: 3)

    /// Names in words.
    public static let names: KeyValuePairs<UInt8, String> = [
        0: "Idle", 1: "Receive", 2: "Process", 3: "Transmit",
    ]
}

/// What became of an aborted command.
public struct AbortOutcome: WireEnumeration {
    /// The code.
    public let rawValue: UInt8

    /// The outcome with a code.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// It was complete, or there was none.
    public static let completeOrNothing = Self(rawValue: 0)
    /// It had not begun.
    public static let beforeProcessing = Self(rawValue: 1)
    /// A part of it was carried out.
    public static let partiallyProcessed = Self(rawValue: 2)

    /// Names in words.
    public static let names: KeyValuePairs<UInt8, String> = [
        0: "CompleteOrNothing", 1: "BeforeProcessing", 2: "PartiallyProcessed",
    ]
}

/// Errors that an endpoint saw, in their places in the response of Get State (bits 14:3).
public struct EndpointErrors: WireFlags {
    /// The bits.
    public let rawValue: UInt16

    /// The flags with these bits.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// A command came for a slot that was not idle.
    public static let commandToBusySlot = Self(rawValue: 1 << 3)
    /// A message had a bad integrity check.
    public static let badMessageIntegrityCheck = Self(rawValue: 1 << 4)
    /// The next packet of a message did not come in time; NVMe-MI 1 only.
    public static let packetTimeout = Self(rawValue: 1 << 5)
    /// The transmission unit is not supported.
    public static let unsupportedTransmissionUnit = Self(rawValue: 1 << 6)
    /// A packet had an unknown version of its header.
    public static let badHeaderVersion = Self(rawValue: 1 << 7)
    /// A packet was for another endpoint.
    public static let unknownDestination = Self(rawValue: 1 << 8)
    /// A packet had not the size of its transmission unit.
    public static let incorrectTransmissionUnit = Self(rawValue: 1 << 9)
    /// A packet continued a message that had not begun.
    public static let unexpectedMiddleOrEnd = Self(rawValue: 1 << 10)
    /// A packet was not the next one.
    public static let outOfSequence = Self(rawValue: 1 << 11)
    /// A message tag was bad, unexpected or expired.
    public static let badTag = Self(rawValue: 1 << 12)
    /// A packet was damaged, or the physical layer had an error.
    public static let badPacket = Self(rawValue: 1 << 13)
    /// The NVM subsystem was reset.
    public static let subsystemReset = Self(rawValue: 1 << 14)

    /// The bits that are errors.
    static let mask: UInt16 = 0x7FF8

    /// Names of the bits.
    public static let names: [(bit: Int, name: String)] = [
        (3, "CommandToBusySlot"),
        (4, "BadMessageIntegrityCheck"),
        (5, "PacketTimeout"),
        (6, "UnsupportedTransmissionUnit"),
        (7, "BadHeaderVersion"),
        (8, "UnknownDestination"),
        (9, "IncorrectTransmissionUnit"),
        (10, "UnexpectedMiddleOrEnd"),
        (11, "OutOfSequence"),
        (12, "BadTag"),
        (13, "BadPacket"),
        (14, "SubsystemReset"),
    ]
}
