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
    var opcodeByte: UInt8 { get }

    /// The data behind the fixed fields; commands without any leave it empty.
    var requestData: [UInt8] { get }

    /// Takes the data of a received request; the fixed fields are set already.
    mutating func setRequestData(_ data: [UInt8]) throws(RequestError)
}

extension DeclaredRequest {
    /// True for the opcode of the declaration.
    public static func accepts(opcode: UInt8) -> Bool { opcode == declaration.opcode }

    /// The opcode of the declaration.
    public var opcodeByte: UInt8 { Self.declaration.opcode }

    /// None.
    public var requestData: [UInt8] { [] }

    /// Refuses any.
    @_semantics("optimize.sil.specialize.generic.never")
    public mutating func setRequestData(_ data: [UInt8]) throws(RequestError) {
        if !data.isEmpty { throw .unwantedData(declaration.name, count: data.count) }
    }

    /// Finds fields whose values need more bits than the wire has.
    public func validate() throws(ArgumentError) {
        try validateFields()
    }

    /// What `validate` does unless a command has more rules.
    @_semantics("optimize.sil.specialize.generic.never")
    func validateFields() throws(ArgumentError) {
        if let overflow = Self.request.overflow(in: self) {
            throw .overflow(declaration.name, overflow)
        }
        let maximum = Envelope.maximumMessageSize - Self.request.size - MessageIntegrityCheck.size
        let count = requestData.count
        if count > maximum { throw .tooMuchData(declaration.name, maximum: maximum, count: count) }
    }

    /// Header, opcode, fields, data and integrity check.
    public func encode(slot: CommandSlot) -> [UInt8] {
        encode(header: MessageHeader(category: Self.declaration.category, slot: slot))
    }

    /// The request with a header of its own, for commands that use the Management Endpoint Buffer or auto pause.
    @_semantics("optimize.sil.specialize.generic.never")
    public func encode(header: MessageHeader) -> [UInt8] {
        var writer = ByteWriter(capacity: Self.request.size + MessageIntegrityCheck.size)
        Self.request.append(self, to: &writer)
        return Envelope.seal(writer, header: header, opcode: opcodeByte, data: requestData)
    }

    /// Reads the fields and the data of a request.
    public init(request: Request) throws(RequestError) { try self.init(declared: request) }

    /// What `init(request:)` does unless a kind of commands has more rules.
    @_semantics("optimize.sil.specialize.generic.never")
    init(declared request: Request) throws(RequestError) {
        self.init()
        let declaration = Self.declaration
        let opcode = try request.opcode(
            for: declaration,
            requestSize: Self.request.size
        )
        guard Self.accepts(opcode: opcode) else { throw .otherOpcode(request, declaration) }
        do throws(DecodingError) {
            try Self.request.read(into: &self, from: request.reader(for: declaration))
        } catch {
            throw RequestError(invalidParameter: error)
        }
        try setRequestData(Array(request.bytes.dropFirst(Self.request.size)))
    }
}

// What follows is the same for all commands; written here it exists once and not for each of them.

extension ArgumentError {
    fileprivate static func overflow(_ command: String, _ overflow: FieldOverflow) -> Self {
        let maximum = UInt128.max >> UInt128(128 - overflow.field.bitCount)
        return Self(
            command: command,
            field: overflow.field.name,
            expected: "at most \(maximum)",
            got: "\(overflow.value)"
        )
    }

    fileprivate static func tooMuchData(_ command: String, maximum: Int, count: Int) -> Self {
        Self(
            command: command,
            field: "data",
            expected: "at most \(byteCount(maximum))",
            got: "\(count)"
        )
    }
}

extension RequestError {
    fileprivate static func unwantedData(_ command: String, count: Int) -> Self {
        Self(
            status: .invalidCommandInputDataSize,
            reason: "\(command) takes no data, got \(byteCount(count))"
        )
    }

    fileprivate static func otherOpcode(
        _ request: Request,
        _ declaration: CommandDeclaration
    ) -> Self {
        Self(
            status: .invalidCommandOpcode,
            reason: "\(request.category) \((request.opcode ?? 0).hexadecimal()) is not "
                + declaration.name
        )
    }

    /// A field has a value that is not allowed.
    fileprivate init(invalidParameter error: DecodingError) {
        self.init(
            status: .invalidParameter,
            parameterErrorLocation: ParameterErrorLocation(byte: UInt16(clamping: error.offset)),
            reason: error.description
        )
    }
}

extension Request {
    /// The opcode of a request that has the kind and at least the size of a command.
    fileprivate func opcode(
        for declaration: CommandDeclaration,
        requestSize: Int
    ) throws(RequestError) -> UInt8 {
        guard bytes.count >= requestSize, let opcode else {
            throw RequestError(
                status: .invalidCommandSize,
                reason: "\(declaration.name): expected \(byteCount(requestSize)) "
                    + "before data and integrity check, got \(bytes.count)"
            )
        }
        if category != declaration.category { throw .otherOpcode(self, declaration) }
        return opcode
    }

    /// The bytes of the request, named for errors.
    fileprivate func reader(for declaration: CommandDeclaration) -> ByteReader {
        ByteReader(bytes, subject: "\(declaration.name) request")
    }
}

extension Envelope {
    /// Puts header and opcode in front of the fields, and data and integrity check behind them.
    fileprivate static func seal(
        _ fields: ByteWriter,
        header: MessageHeader,
        opcode: UInt8,
        data: [UInt8]
    ) -> [UInt8] {
        var writer = fields
        writer.replace(at: 0, with: header.bytes)
        writer.replace(at: MessageHeader.size, with: CollectionOfOne(opcode))
        writer.append(data)
        return seal(writer)
    }
}
