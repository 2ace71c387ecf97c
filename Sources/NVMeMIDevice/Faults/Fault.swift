/// One way of misbehaving, for some commands and some number of times.
///
/// Faults are switched while a drive runs. Several may be in force; each that matches a command
/// takes part in it.
public struct Fault: Sendable, Hashable {
    /// What goes wrong.
    public let kind: Kind
    /// Category of the commands it concerns; `nil` for all.
    public var category: FaultCategory?
    /// Opcode of the commands it concerns; `nil` for all of the category.
    public var opcode: UInt8?
    /// How many matching commands pass before the first is hit.
    public var skip: UInt32 = 0
    /// How many commands are still to be hit; `nil` until the fault is cleared.
    public var count: UInt32?
    /// Milliseconds of delay, for the kinds that have one.
    public var delay: UInt32
    /// Milliseconds that More Processing Required announces.
    public var time: UInt32 = 1_000
    /// Number of bytes, for the kinds that cut or add some.
    public var bytes: UInt32
    /// NVMe-MI status of a refusal.
    public var status: UInt8 = 0x02
    /// Byte offset that Invalid Parameter points at.
    public var parameterByte: UInt16 = 0
    /// Bit that Invalid Parameter points at.
    public var parameterBit: UInt8 = 0
    /// NVMe status as in bits 31:17 of completion dword 3: code 7:0, type 10:8, do not retry 14.
    public var nvmeStatus: UInt16 = 0x4006
    /// Message type byte of an answer of a wrong type.
    public var messageType: UInt8 = 0x85

    /// A fault of a kind with that kind's usual values, for every command, until cleared.
    ///
    /// - Parameter kind: What goes wrong.
    public init(_ kind: Kind) {
        self.kind = kind
        delay = kind.usualDelay
        bytes = kind.usualBytes
    }

    /// Whether a command is of those that the fault concerns.
    func concerns(category: FaultCategory, opcode: UInt8) -> Bool {
        (self.category ?? category) == category && (self.opcode ?? opcode) == opcode
    }
}
