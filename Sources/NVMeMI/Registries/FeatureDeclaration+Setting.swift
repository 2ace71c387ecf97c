extension FeatureDeclaration {
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
        guard isSettable else {
            throw Self.error(name, "a feature that can be set", "one that cannot")
        }
        let record = argumentRecord
        let result = current?.result.littleEndianBytes ?? []
        let dataRecord = makeData?(RecordView(result))
        let names = Set(record.items.filter { !$0.isDerived }.map(\.name))
        // What is no argument is the data's, which says what is wrong with a name that is unknown.
        let given = values.filter { dataRecord == nil || names.contains($0.name) }
        let others = values.filter { dataRecord != nil && !names.contains($0.name) }
        let kept = kept(of: result).filter { names.contains($0.name) }
        let own = given.completed(with: asked(given)).completed(with: kept)
        let arguments = RecordView(
            try record.encode(own, over: makeResult == nil ? result : [])
        )
        if arguments.dword(Self.unusedDword) != 0 {
            let item = record.items.last { $0.entry.firstByte < Self.unusedDword + 4 }
            throw Self.error(item?.name ?? name, "nothing that reaches dword 14", "more")
        }
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
            let length = Int(clamping: self.length(for: arguments))
            let data = try dataRecord.encode(
                others,
                over: Array((current?.data ?? []).prefix(length))
            )
            guard data.count <= length else {
                let item = dataRecord.items.last { others[$0.name] != nil }
                throw Self.error(
                    item?.name ?? name,
                    "at most \(byteCount(length))",
                    byteCount(data.count)
                )
            }
            command.data = data + repeatElement(0, count: length - data.count)
        }
        return command
    }

    /// Where in the arguments dword 14 is, which Set Features has for the index of a UUID.
    private static let unusedDword = 12

    /// What the result tells of the arguments where it is not as these.
    private func kept(of result: [UInt8]) -> [NamedValue] {
        makeResult == nil ? [] : resultRecord.decodePrefix(result).values
    }

    private static func error(
        _ field: String,
        _ expected: String,
        _ got: String
    ) -> ArgumentError {
        ArgumentError(
            command: SetFeatures.declaration.name,
            field: field,
            expected: expected,
            got: got
        )
    }
}

extension [NamedValue] {
    /// The values, and of others those that are not among them.
    fileprivate func completed(with others: [NamedValue]) -> [NamedValue] {
        self + others.filter { self[$0.name] == nil }
    }
}
