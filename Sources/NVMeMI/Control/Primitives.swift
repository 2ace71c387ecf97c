/// Pause (opcode 00h): the endpoint stops sending responses and counting time, for both slots.
///
/// It is sent for slot 0 only.
public struct Pause: ControlPrimitive, Equatable {
    /// Nothing; the flags that NVMe-MI 1 had there are obsolete.
    public typealias Reply = Void

    /// A number that the response repeats.
    public var tag: UInt8 = 0

    /// With tag 0.
    public init() {}

    /// With a tag.
    public init(tag: UInt8) { self.tag = tag }

    /// What is known of the primitive besides its bytes.
    public static let declaration = CommandDeclaration(
        control: "Pause",
        opcode: 0x00,
        requestFields: request.table
    )

    /// The fields of the request.
    public static let request = Layout<Self>(control: "Pause") {}
}

/// Resume (opcode 01h): ends a pause.
public struct Resume: ControlPrimitive, Equatable {
    /// Nothing.
    public typealias Reply = Void

    /// A number that the response repeats.
    public var tag: UInt8 = 0

    /// With tag 0.
    public init() {}

    /// With a tag.
    public init(tag: UInt8) { self.tag = tag }

    /// What is known of the primitive besides its bytes.
    public static let declaration = CommandDeclaration(
        control: "Resume",
        opcode: 0x01,
        requestFields: request.table
    )

    /// The fields of the request.
    public static let request = Layout<Self>(control: "Resume") {}
}

/// Abort (opcode 02h): makes a slot idle and discards its response; what its command has done already remains.
public struct Abort: ControlPrimitive, Equatable {
    /// What became of the command.
    public typealias Reply = AbortOutcome

    /// A number that the response repeats.
    public var tag: UInt8 = 0

    /// With tag 0.
    public init() {}

    /// With a tag.
    public init(tag: UInt8) { self.tag = tag }

    /// What is known of the primitive besides its bytes; not repeatable, for a repetition would hide what became of the
    /// command.
    public static let declaration = CommandDeclaration(
        control: "Abort",
        opcode: 0x02,
        isRepeatable: false,
        requestFields: request.table
    )

    /// The fields of the request.
    public static let request = Layout<Self>(control: "Abort") {}

    /// What became of the command.
    public func readReply(_ response: UInt16) -> AbortOutcome {
        AbortOutcome(rawValue: UInt8(truncatingIfNeeded: response & 3))
    }

    /// The bits for what became of the command.
    public func writeReply(_ reply: AbortOutcome) -> UInt16 { UInt16(reply.rawValue & 3) }
}

/// Get State (opcode 03h): what a slot is doing and which errors the endpoint saw.
public struct GetState: ControlPrimitive, Equatable {
    /// The state.
    public typealias Reply = EndpointState

    /// A number that the response repeats.
    public var tag: UInt8 = 0
    /// True to clear the errors after they are copied into the reply.
    public var clearsErrors = false

    /// With tag 0, and clears nothing.
    public init() {}

    /// With a tag.
    public init(tag: UInt8, clearsErrors: Bool = false) {
        self.tag = tag
        self.clearsErrors = clearsErrors
    }

    /// What is known of the primitive besides its bytes.
    public static let declaration = CommandDeclaration(
        control: "Get State",
        opcode: 0x03,
        requestFields: request.table
    )

    /// The declaration; not repeatable with clearing, because the errors of a lost answer would be lost with it.
    public var declaration: CommandDeclaration {
        var declaration = Self.declaration
        declaration.isRepeatable = !clearsErrors
        return declaration
    }

    /// The fields of the request.
    public static let request = Layout<Self>(control: "Get State") {
        Field("clear error state flags", at: 6, bit: 0, \.clearsErrors)
    }

    /// The state.
    public func readReply(_ response: UInt16) -> EndpointState { EndpointState(rawValue: response) }

    /// The bits of the state.
    public func writeReply(_ reply: EndpointState) -> UInt16 { reply.rawValue }
}

/// Replay (opcode 04h): sends the last response of a slot again, from a packet on, and resumes both slots.
public struct Replay: ControlPrimitive, Equatable {
    /// True when a response follows; false when there is none to send.
    public typealias Reply = Bool

    /// A number that the response repeats.
    public var tag: UInt8 = 0
    /// The packet to begin with, counted from 0.
    public var firstPacket: UInt8 = 0

    /// With tag 0, from the first packet.
    public init() {}

    /// With a tag.
    public init(tag: UInt8, from packet: UInt8 = 0) {
        self.tag = tag
        firstPacket = packet
    }

    /// What is known of the primitive besides its bytes.
    public static let declaration = CommandDeclaration(
        control: "Replay",
        opcode: 0x04,
        requestFields: request.table
    )

    /// The fields of the request.
    public static let request = Layout<Self>(control: "Replay") {
        Field("response replay offset", at: 6, \.firstPacket)
    }

    /// Whether a response follows.
    public func readReply(_ response: UInt16) -> Bool { response & 1 == 1 }

    /// The bit for whether a response follows.
    public func writeReply(_ reply: Bool) -> UInt16 { reply ? 1 : 0 }
}

/// Any control primitive by opcode and parameter, for primitives without a type of their own.
public struct RawControlPrimitive: ControlPrimitive, Equatable {
    /// The 16 bits of the response.
    public typealias Reply = UInt16

    /// The opcode.
    public var opcode: UInt8 = 0
    /// A number that the response repeats.
    public var tag: UInt8 = 0
    /// The parameter (CPSP).
    public var parameter: UInt16 = 0

    /// With opcode 0.
    public init() {}

    /// A primitive by its numbers.
    public init(opcode: UInt8, tag: UInt8, parameter: UInt16 = 0) {
        self.opcode = opcode
        self.tag = tag
        self.parameter = parameter
    }

    /// Stands for no particular opcode.
    public static let declaration = CommandDeclaration(
        control: "Control Primitive",
        opcode: 0,
        isRepeatable: false,
        requestFields: request.table
    )

    /// What is known of the opcode; never repeatable, for the numbers may mean anything.
    public var declaration: CommandDeclaration {
        .generic(opcode, like: Self.declaration)
    }

    /// The fields of the request.
    public static let request = Layout<Self>(control: "Control Primitive") {
        Field("opcode", at: 4, \.opcode)
        Field("control primitive specific parameter", at: 6, \.parameter)
    }

    /// The opcode.
    public var opcodeByte: UInt8 { opcode }

    /// True for all.
    public static func accepts(opcode: UInt8) -> Bool { true }

    /// All of it as it is.
    public func readReply(_ response: UInt16) -> UInt16 { response }

    /// All of it as it is.
    public func writeReply(_ reply: UInt16) -> UInt16 { reply }
}

extension CommandDeclaration {
    /// Declares a control primitive.
    @inline(never)
    @_semantics("optimize.sil.specialize.generic.never")
    fileprivate init(
        control name: String,
        opcode: UInt8,
        isRepeatable: Bool = true,
        requestFields: @autoclosure @escaping @Sendable () -> [FieldDescription]
    ) {
        self.init(
            name,
            category: .controlPrimitive,
            opcode: opcode,
            .mandatory,
            deadline: .control,
            isRepeatable: isRepeatable,
            requestFields: requestFields()
        )
    }

    /// All control primitives that have a name.
    static let controlPrimitives: [CommandDeclaration] = [
        Pause.declaration, Resume.declaration, Abort.declaration, GetState.declaration,
        Replay.declaration,
    ]
}

extension Layout where Structure: ControlPrimitive {
    /// The tag that all control primitives have, followed by the fields of one.
    fileprivate init(
        control name: String,
        @LayoutBuilder<Structure> fields: () -> [FieldEntry]
    ) {
        let tag = Field<Structure>("tag", at: 5, bits: 0...7, computed: \.tag)
        self.init(
            FieldTable(
                "\(name) request",
                size: ControlMessage.requestSize,
                [tag.entry] + fields()
            )
        )
    }
}
