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
    private let makeResult: (@Sendable () -> [Item])?
    private let makeData: (@Sendable () -> Record)?

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
    ///   - result: The result of Get Features, when it is not as dword 11 of Set Features.
    ///   - data: What is in the data.
    public init(
        _ code: UInt8,
        isNamespaceSpecific: Bool = false,
        isSettable: Bool = true,
        selectors: [String] = [],
        dataLength: UInt32 = 0,
        dataLengthForArguments: (@Sendable (RecordView) -> UInt32)? = nil,
        arguments: @escaping @Sendable () -> [Item] = { [] },
        result: (@Sendable () -> [Item])? = nil,
        data: (@Sendable () -> Record)? = nil
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
        makeData = data
    }

    /// The arguments of Set Features; dword 11 has the offset 0.
    public var arguments: [FieldDescription] { argumentRecord.table }

    /// Dwords 11 to 15 of Set Features.
    private var argumentRecord: Record {
        Record("\(identifier)", size: 20, items: makeArguments())
    }

    /// The result of Get Features; arguments that are not in dword 11 lie behind it.
    private var resultRecord: Record {
        Record("\(identifier)", size: 4, items: (makeResult ?? makeArguments)())
    }

    /// What is in the data; nil for a feature without any that is known.
    public var data: DataDescription? { makeData.map { DataDescription($0()) } }

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
    /// - Throws: `DecodingError` when the data is too short.
    public func decode(
        _ reply: AdminReply,
        selection: FeatureSelection = .current
    ) throws(DecodingError) -> DecodedData {
        if selection == .capabilities {
            return try Self.capabilities.decode(reply.result.littleEndianBytes)
        }
        var decoded = resultRecord.decodePrefix(reply.result.littleEndianBytes)
        if let makeData, dataLength > 0 {
            let data = try makeData().decode(reply.data)
            decoded.values += data.values
            decoded.leftOut += data.leftOut
        }
        return decoded
    }

    /// The command that sets the feature.
    ///
    /// - Parameters:
    ///   - values: The values by name, arguments and those in the data.
    ///   - current: What Get Features answered, from which values that are not given are kept; nil makes them zero.
    ///   - controller: The controller that carries out the command.
    ///   - namespace: The namespace, for features that belong to one.
    ///   - isSaved: True to keep the value over resets and power cycles.
    /// - Returns: Set Features.
    /// - Throws: `ArgumentError` for a name that is not the feature's, and a value that it cannot have.
    public func set(
        _ values: [NamedValue],
        keeping current: AdminReply? = nil,
        on controller: UInt16,
        namespace: UInt32 = 0,
        isSaved: Bool = false
    ) throws(ArgumentError) -> SetFeatures {
        let record = argumentRecord
        let dataRecord = makeData?()
        let names = Set(record.items.filter { !$0.isDerived }.map(\.name))
        // What is no argument is the data's, which says what is wrong with a name that is unknown.
        let own = values.filter { dataRecord == nil || names.contains($0.name) }
        let others = values.filter { dataRecord != nil && !names.contains($0.name) }
        let kept = makeResult == nil ? current?.result.littleEndianBytes ?? [] : []
        let arguments = RecordView(try record.encode(own, over: kept))
        var command = SetFeatures(
            identifier,
            on: controller,
            namespace: namespace,
            value: arguments.dword(0),
            data: [],
            isSaved: isSaved
        )
        command.specific12 = arguments.dword(4)
        command.specific13 = arguments.dword(8)
        command.specific15 = arguments.dword(16)
        if let dataRecord, dataLength > 0 {
            command.data = try dataRecord.encode(others, over: current?.data ?? [])
            let length = Int(clamping: self.length(for: arguments))
            command.data = Array(command.data.prefix(length))
            command.data += repeatElement(0, count: max(0, length - command.data.count))
        }
        return command
    }

    private func length(for arguments: RecordView) -> UInt32 {
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
    fileprivate var littleEndianBytes: [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: self >> ($0 * 8)) }
    }
}

extension RecordView {
    fileprivate func dword(_ offset: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: number(at: offset, 4))
    }
}
