/// What is known of a feature: declared once, from which getting, setting and showing it follow.
public struct FeatureDeclaration: Sendable {
    /// The feature.
    public let identifier: FeatureIdentifier

    /// The name in the standard as one word, such as `PowerManagement`.
    public let name: String

    /// True when the feature belongs to a namespace, which must be given.
    public let isNamespaceSpecific: Bool

    /// True when the feature can be set as far as the standard knows; a controller may refuse it all the same.
    public let isSettable: Bool

    /// Bytes of data that getting the feature returns and setting it takes at most; 0 for none.
    public let dataLength: UInt32

    /// Fewer of them when the arguments say so; nil for always as many.
    private let dataLengthForArguments: (@Sendable (RecordView) -> UInt32)?

    /// Names of the arguments that getting the feature takes to say which of its values is meant.
    public let selectors: [String]

    private let makeArguments: @Sendable () -> [Item]
    let makeResult: (@Sendable () -> [Item])?
    let makeData: (@Sendable (_ result: RecordView) -> Record)?

    /// Declares a feature.
    ///
    /// - Parameters:
    ///   - code: The identifier.
    ///   - isNamespaceSpecific: Whether it belongs to a namespace.
    ///   - isSettable: Whether it can be set.
    ///   - selectors: Names of the arguments that getting takes.
    ///   - dataLength: Bytes of data, at most.
    ///   - dataLengthForArguments: Bytes of data when they depend on the arguments.
    ///   - arguments: The arguments of Set Features, of which dword 11 has the offset 0, dword 12 the offset 4, and so on.
    ///   - result: The result of Get Features, when it is not as dword 11 of Set Features. Of the same names are those of
    ///     the arguments that keep their values when they are not given.
    ///   - data: What is in the data.
    ///   - dataForResult: What is in the data when the result tells.
    public init(
        _ code: UInt8,
        isNamespaceSpecific: Bool = false,
        isSettable: Bool = true,
        selectors: [String] = [],
        dataLength: UInt32 = 0,
        dataLengthForArguments: (@Sendable (RecordView) -> UInt32)? = nil,
        arguments: @escaping @Sendable () -> [Item] = { [] },
        result: (@Sendable () -> [Item])? = nil,
        data: (@Sendable () -> Record)? = nil,
        dataForResult: (@Sendable (_ result: RecordView) -> Record)? = nil
    ) {
        let identifier = FeatureIdentifier(rawValue: code)
        self.identifier = identifier
        name = singleWord(identifier.description)
        self.isNamespaceSpecific = isNamespaceSpecific
        self.isSettable = isSettable
        self.selectors = selectors
        self.dataLength = dataLength
        self.dataLengthForArguments = dataLengthForArguments
        makeArguments = arguments
        makeResult = result
        makeData = dataForResult ?? data.map { data in { @Sendable _ in data() } }
    }

    /// The arguments of Set Features; dword 11 has the offset 0.
    public var arguments: [FieldDescription] { argumentRecord.table }

    /// Dwords 11 to 15 of Set Features.
    var argumentRecord: Record {
        Record("\(identifier)", size: 20, items: makeArguments())
    }

    /// The result of Get Features, which has no room for arguments that are not in dword 11.
    var resultRecord: Record {
        let items = (makeResult ?? makeArguments)().filter { $0.entry.end <= 4 }
        return Record("\(identifier)", size: 4, items: items)
    }

    /// What is in the data, at most; nil for a feature without any that is known.
    public var data: DataDescription? {
        makeData.map { DataDescription($0(RecordView(UInt32.max.littleEndianBytes))) }
    }

    /// The command that gets the feature.
    ///
    /// - Parameters:
    ///   - controller: The controller that carries out the command.
    ///   - selection: Which of its values.
    ///   - namespace: The namespace, for features that belong to one.
    ///   - values: The selectors by name.
    /// - Returns: Get Features.
    /// - Throws: `ArgumentError` for what is no selector, and a value that it cannot have.
    public func get(
        on controller: UInt16,
        selection: FeatureSelection = .current,
        namespace: UInt32 = 0,
        selecting values: [NamedValue] = []
    ) throws(ArgumentError) -> GetFeatures {
        if let stranger = values.first(where: { !selectors.contains($0.name) }) {
            throw ArgumentError(
                command: GetFeatures.declaration.name,
                field: stranger.name,
                expected: selectors.isEmpty
                    ? "no selector" : "one of " + selectors.joined(separator: ", "),
                got: stranger.name
            )
        }
        let arguments = RecordView(try argumentRecord.encode(values))
        return GetFeatures(
            identifier,
            on: controller,
            namespace: namespace,
            selection: selection,
            specific: arguments.dword(0),
            length: selection == .capabilities ? 0 : length(for: arguments)
        )
    }

    /// Decodes what Get Features answered.
    ///
    /// A drive answers with the value that was asked for, and need not say which that is: selectors that lie in the
    /// result are shown as they were asked for, unless the result is declared on its own.
    ///
    /// - Parameters:
    ///   - reply: The answer.
    ///   - selection: Which of its values was asked for.
    ///   - selectors: The selectors by name that were given.
    /// - Returns: The values, and what was left out of the data.
    /// - Throws: `DecodingError` when the data is too short.
    public func decode(
        _ reply: AdminReply,
        selection: FeatureSelection = .current,
        selecting selectors: [NamedValue] = []
    ) throws(DecodingError) -> DecodedData {
        if selection == .capabilities {
            return try Self.capabilities.decode(reply.result.littleEndianBytes)
        }
        let result = reply.result.littleEndianBytes
        var decoded = resultRecord.decodePrefix(result)
        if makeResult == nil {
            let asked = self.asked(selectors)
            decoded.values = decoded.values.map { entry in
                asked.first { $0.name == entry.name } ?? entry
            }
        }
        if let makeData, dataLength > 0 {
            let data = try makeData(RecordView(result)).decode(reply.data)
            decoded.values += data.values
            decoded.leftOut += data.leftOut
        }
        return decoded
    }

    /// All selectors, those that are not given with the value that they have then.
    func asked(_ given: [NamedValue]) -> [NamedValue] {
        guard !selectors.isEmpty,
            let bytes = try? argumentRecord.encode(
                given.filter { selectors.contains($0.name) }
            )
        else { return [] }
        return argumentRecord.decodePrefix(bytes).values.filter { selectors.contains($0.name) }
    }

    func length(for arguments: RecordView) -> UInt32 {
        dataLengthForArguments?(arguments) ?? dataLength
    }

    /// The result of Get Features for what can be done with a feature.
    private static var capabilities: Record {
        Record("Feature Capabilities", size: 4) {
            Item("Saveable", at: 0, bit: 0)
            Item("NamespaceSpecific", at: 0, bit: 1)
            Item("Changeable", at: 0, bit: 2)
        }
    }
}

extension UInt32 {
    var littleEndianBytes: [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: self >> ($0 * 8)) }
    }
}

extension RecordView {
    func dword(_ offset: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: number(at: offset, 4))
    }
}
