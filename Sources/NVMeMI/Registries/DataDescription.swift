/// How the bytes of a log page, a feature or an Identify structure become values with names, and back where that is possible.
public struct DataDescription: Sendable {
    /// Decodes bytes, of which there may be more than needed.
    ///
    /// - Throws: `DecodingError` when there are too few, or what they hold is no such thing.
    public let decode: @Sendable ([UInt8]) throws(DecodingError) -> DecodedData

    /// Names and places of the fields that have a fixed one.
    public let table: [FieldDescription]

    private let record: Record?

    /// Describes what is known by its fields alone.
    public init(_ record: Record) {
        self.record = record
        table = record.table
        decode = { (data) throws(DecodingError) in try record.decode(data) }
    }

    /// Describes what has a type with a layout.
    public init<Structure: WireStructure>(_ type: Structure.Type) {
        record = nil
        table = type.layout.table
        decode = { (data) throws(DecodingError) in
            DecodedData(try Structure(data: data).namedValues)
        }
    }

    /// Describes what has a type of its own.
    public init<Structure: DataStructure>(
        list type: Structure.Type,
        leftOut: @escaping @Sendable (Structure) -> [DecodingError] = { _ in [] }
    ) {
        record = nil
        table = []
        decode = { (data) throws(DecodingError) in
            let structure = try Structure(data: data)
            return DecodedData(structure.namedValues, leftOut: leftOut(structure))
        }
    }

    /// True when `encode` can be used: what has a type is encoded by the type.
    public var isEncodable: Bool { record != nil }

    /// The bytes of values; fields without a value are zero.
    ///
    /// - Throws: `ArgumentError` for a name that is not declared, and a value that the field cannot have.
    public func encode(_ values: [NamedValue]) throws(ArgumentError) -> [UInt8] {
        guard let record else {
            throw ArgumentError(
                command: "encoding",
                field: "structure",
                expected: "one that is declared as a record",
                got: "one with a type"
            )
        }
        return try record.encode(values)
    }
}

/// Something that says how bytes become values.
public protocol Describable: Sendable {
    /// What it says.
    var dataDescription: DataDescription { get }
}

extension DataDescription: Describable {
    /// Itself.
    public var dataDescription: DataDescription { self }
}

extension Record: Describable {
    /// The fields alone.
    public var dataDescription: DataDescription { DataDescription(self) }
}

/// The name of something in one word, made of its name in the standard: `DeviceSelfTest` of "Device Self-test".
func singleWord(_ words: String) -> String {
    var result = ""
    var startsWord = true
    for character in words {
        guard character.isASCII, character.isLetter || character.isNumber else {
            startsWord = true
            continue
        }
        result += startsWord ? character.uppercased() : String(character)
        startsWord = false
    }
    return result
}

/// True when a name is meant by what somebody wrote: letters and digits alike, capitals or not.
func isName(_ name: String, meantBy written: String) -> Bool {
    func plain(_ text: String) -> String {
        String(text.lowercased().filter { $0.isLetter || $0.isNumber })
    }
    return plain(name) == plain(written)
}
