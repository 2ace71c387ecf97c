import ArgumentParser
import DBus

/// What selects one of several contents that a log page can have.
struct LogSelection: ParsableArguments {
    @Option(help: "Namespace ID, for logs that have one for each.", transform: Number.parse)
    var nsid: UInt32?

    @Option(help: "Log specific field (LSP).", transform: Number.parse)
    var lsp: UInt8?

    @Option(
        help: "Log specific identifier (LSI): endurance group, NVM set, domain or controller.",
        transform: Number.parse
    )
    var lsi: UInt16?

    @Option(help: "I/O command set.", transform: Number.parse)
    var csi: UInt8?

    @Option(help: "UUID index.", transform: Number.parse)
    var uuidIndex: UInt8?

    @Flag(help: "Clear what the log reports as new (without: it is retained).")
    var clear = false

    @OptionGroup var insistence: Insistence

    /// True when nothing was chosen.
    var isDefault: Bool {
        nsid == nil && lsp == nil && lsi == nil && csi == nil && uuidIndex == nil && !clear
            && !insistence.force
    }

    /// Options of the methods that take the page's number; the namespace is an argument of theirs.
    var raw: VariantDictionary {
        var options = VariantDictionary()
        if let lsp { options.set("lsp", lsp) }
        if let lsi { options.set("lsi", lsi) }
        if let csi { options.set("csi", csi) }
        if let uuidIndex { options.set("uuid-index", uuidIndex) }
        if clear { options.set("retain-events", false) }
        insistence.add(to: &options)
        return options
    }

    /// Options of the method that takes the page's name.
    var named: VariantDictionary {
        var options = raw
        if let nsid { options.set("nsid", nsid) }
        return options
    }
}
