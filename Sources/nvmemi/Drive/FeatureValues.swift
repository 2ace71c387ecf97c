import DBus
import EventLoop
import NVMeMI

/// The value of a feature as a drive answers it: the result and the data.
struct FeatureAnswer {
    var result: UInt32
    var data: [UInt8]

    var reply: AdminReply { AdminReply(result: result, data: data) }
}

/// Which of a feature's values is meant.
enum FeatureChoice: String, CaseIterable {
    case current, `default`, saved, capabilities

    var selection: FeatureSelection {
        switch self {
        case .current: .current
        case .default: .defaultValue
        case .saved: .saved
        case .capabilities: .capabilities
        }
    }
}

extension Client {
    /// Get Features as the declaration says, or by the number alone.
    func feature(
        _ name: FeatureName,
        of target: Target,
        choice: FeatureChoice = .current,
        nsid: UInt32 = 0,
        selecting selectors: [NamedValue] = [],
        length: UInt32? = nil,
        insistence: Insistence? = nil
    ) async throws -> FeatureAnswer {
        var options = VariantDictionary()
        var wanted = length ?? 0
        if let declaration = name.declaration {
            let command = try declaration.get(
                on: UInt16(clamping: target.controller.number ?? 0),
                selection: choice.selection,
                namespace: nsid,
                selecting: selectors
            )
            if command.specific != 0 { options.set("cdw11", command.specific) }
            wanted = length ?? command.dataLength
        }
        insistence?.add(to: &options)
        if nsid != 0 { options.set("nsid", nsid) }
        options.set("select", choice.rawValue)
        if wanted != 0 { options.set("length", wanted) }
        let reply = try await call(
            target.controller.path,
            "Controller1",
            "GetFeature",
            [name.identifier.rawValue, options]
        )
        let (result, data) = try reply.read(UInt32.self, [UInt8].self)
        return FeatureAnswer(result: result, data: data)
    }
}
