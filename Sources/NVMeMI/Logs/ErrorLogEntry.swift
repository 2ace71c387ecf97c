/// Error Information Log Entry (log page 01h, 64 bytes each, newest first).
public struct ErrorLogEntry: WireStructure {
    /// Number of the error since the subsystem was made; 0 for an unused entry.
    public var errorCount: UInt64 = 0
    /// Submission queue of the command, FFFFh when no command is to blame.
    public var submissionQueueID: UInt16 = 0
    /// Identifier of the command, FFFFh when no command is to blame.
    public var commandID: UInt16 = 0
    /// Phase tag of the completion queue entry.
    public var phaseTag = false
    /// Status of the command, 15 bits.
    public var statusField: UInt16 = 0
    /// Byte of the command that is at fault, in bits 7:0; bit 10:8; FFFFh for none.
    public var parameterErrorLocation: UInt16 = 0xFFFF
    /// First logical block with an error.
    public var logicalBlock: UInt64 = 0
    /// Namespace.
    public var namespace: UInt32 = 0
    /// Log page with vendor specific information, 0 for none.
    public var vendorLogPage: UInt8 = 0
    /// Kind of transport; 0 for PCIe.
    public var transportType: UInt8 = 0
    /// I/O command set of the command.
    public var ioCommandSet: UInt8 = 0
    /// Opcode of the command.
    public var opcode: UInt8 = 0
    /// Information that depends on the command.
    public var commandSpecific: UInt64 = 0
    /// Information that depends on the transport.
    public var transportSpecific: UInt16 = 0
    /// Version of the entry; tells whether I/O command set and opcode mean something.
    public var version: UInt8 = 0

    /// An unused entry.
    public init() {}

    /// Status of the command.
    public var status: NVMeStatus {
        get { NVMeStatus(rawValue: statusField) }
        set { statusField = newValue.rawValue }
    }

    /// The fields and their places; `Status` is in words, `StatusField` the number.
    public static let layout = Layout<Self>("Error Information Log Entry", size: 64) {
        Field("ErrorCount", at: 0, \.errorCount)
        Field("SubmissionQueueID", at: 8, \.submissionQueueID)
        Field("CommandID", at: 10, \.commandID)
        Field("PhaseTag", at: 12, bit: 0, \.phaseTag, shown: .hidden)
        Field("StatusField", at: 12, bits: 1...15, \.statusField)
        Field(derived: "Status") { .text($0.status.description) }
        Field(
            "ParameterErrorLocation",
            at: 14,
            \.parameterErrorLocation,
            shown: .except(0xFFFF)
        )
        Field("LogicalBlock", at: 16, \.logicalBlock)
        Field("NamespaceID", at: 24, \.namespace)
        Field("VendorLogPage", at: 28, \.vendorLogPage, shown: .nonZero)
        Field("TransportType", at: 29, \.transportType)
        Field("IOCommandSet", at: 30, \.ioCommandSet, shown: .hidden)
        Field("Opcode", at: 31, \.opcode, shown: .hidden)
        Field(derived: "IOCommandSet") { $0.version > 0 ? .unsigned8($0.ioCommandSet) : nil }
        Field(derived: "Opcode") { $0.version > 0 ? .unsigned8($0.opcode) : nil }
        Field("CommandSpecific", at: 32, \.commandSpecific)
        Field("TransportSpecific", at: 40, \.transportSpecific)
        Field("Version", at: 63, \.version, shown: .hidden)
    }
}

/// The newest entries of the error log, as many as were read.
public struct ErrorLog: DataStructure {
    /// The entries, newest first, unused ones included.
    public var entries: [ErrorLogEntry]

    /// A log of these entries.
    public init(_ entries: [ErrorLogEntry] = []) { self.entries = entries }

    /// Decodes whole entries; a part of an entry at the end is an error.
    public init(data: [UInt8]) throws(DecodingError) {
        let reader = ByteReader(data, subject: ErrorLogEntry.layout.name)
        entries = []
        for start in stride(from: 0, to: data.count, by: ErrorLogEntry.layout.size) {
            var entry = ErrorLogEntry()
            try ErrorLogEntry.layout.read(into: &entry, from: reader, at: start)
            entries.append(entry)
        }
    }

    /// The bytes of the entries.
    public var data: [UInt8] { entries.flatMap(\.data) }

    /// The entries that are in use.
    public var errors: [ErrorLogEntry] { entries.filter { $0.errorCount != 0 } }

    /// The errors, newest first.
    public var namedValues: [NamedValue] {
        [("Errors", .list(errors.map { .dictionary($0.namedValues) }))]
    }
}
