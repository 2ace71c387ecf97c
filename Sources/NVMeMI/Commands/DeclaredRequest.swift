/// A command whose request has a layout: fixed fields at offsets from the type byte, then data.
public protocol DeclaredRequest: Command {
    /// The command with all fields zero, unless it says otherwise.
    init()

    /// The fields of the request by offset from its type byte.
    ///
    /// The size is that of the request without data and integrity check. Header and opcode are not among the fields.
    static var request: Layout<Self> { get }

    /// True for the opcodes that the type stands for; only its declaration's unless it says otherwise.
    static func accepts(opcode: UInt8) -> Bool

    /// The opcode of this one command.
    var opcode: UInt8 { get }

    /// The data behind the fixed fields; commands without any leave it empty.
    var requestData: [UInt8] { get }

    /// Takes the data of a received request; the fixed fields are set already.
    mutating func setRequestData(_ data: [UInt8]) throws(RequestError)
}

extension DeclaredRequest {
    /// True for the opcode of the declaration.
    public static func accepts(opcode: UInt8) -> Bool { opcode == declaration.opcode }

    /// The opcode of the declaration.
    public var opcode: UInt8 { Self.declaration.opcode }

    /// None.
    public var requestData: [UInt8] { [] }

    /// Refuses any.
    public mutating func setRequestData(_ data: [UInt8]) throws(RequestError) {
        if !data.isEmpty {
            throw RequestError(
                status: .invalidCommandInputDataSize,
                reason: "\(declaration.name) takes no data, got \(byteCount(data.count))"
            )
        }
    }

    /// Finds fields whose values need more bits than the wire has.
    public func validate() throws(ArgumentError) {
        try validateFields()
    }

    /// What `validate` does unless a command has more rules.
    func validateFields() throws(ArgumentError) {
        if let overflow = Self.request.overflow(in: self) {
            let maximum = UInt128.max >> UInt128(128 - overflow.field.bitCount)
            throw ArgumentError(
                command: declaration.name,
                field: overflow.field.name,
                expected: "at most \(maximum)",
                got: "\(overflow.value)"
            )
        }
        let maximum = Envelope.maximumMessageSize - Self.request.size - MessageIntegrityCheck.size
        if requestData.count > maximum {
            throw ArgumentError(
                command: declaration.name,
                field: "data",
                expected: "at most \(byteCount(maximum))",
                got: "\(requestData.count)"
            )
        }
    }

    /// Header, opcode, fields, data and integrity check.
    public func encode(slot: CommandSlot) -> [UInt8] {
        encode(header: MessageHeader(category: Self.declaration.category, slot: slot))
    }

    /// The request with a header of its own, for commands that use the Management Endpoint Buffer or auto pause.
    public func encode(header: MessageHeader) -> [UInt8] {
        let data = requestData
        var writer = ByteWriter(
            capacity: Self.request.size + data.count + MessageIntegrityCheck.size
        )
        Self.request.append(self, to: &writer)
        writer.replace(at: 0, with: header.bytes + CollectionOfOne(opcode))
        writer.append(data)
        return Envelope.seal(writer)
    }

    /// Reads the fields and the data of a request.
    public init(request: Request) throws(RequestError) {
        self.init()
        guard request.bytes.count >= Self.request.size else {
            throw RequestError(
                status: .invalidCommandSize,
                reason: "\(Self.declaration.name): expected \(byteCount(Self.request.size)) "
                    + "before data and integrity check, got \(request.bytes.count)"
            )
        }
        guard request.category == Self.declaration.category, Self.accepts(opcode: request.bytes[4])
        else {
            throw RequestError(
                status: .invalidCommandOpcode,
                reason: "\(request.category) \(request.bytes[4].hexadecimal()) is not "
                    + Self.declaration.name
            )
        }
        do throws(DecodingError) {
            try Self.request.read(
                into: &self,
                from: ByteReader(request.bytes, subject: "\(Self.declaration.name) request")
            )
        } catch {
            throw RequestError(
                status: .invalidParameter,
                parameterErrorLocation: ParameterErrorLocation(
                    byte: UInt16(clamping: error.offset)
                ),
                reason: error.description
            )
        }
        try setRequestData(Array(request.bytes.dropFirst(Self.request.size)))
    }
}
