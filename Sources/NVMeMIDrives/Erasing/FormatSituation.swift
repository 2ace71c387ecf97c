import NVMeMI

/// What a drive tells of namespaces that are formatted.
struct FormatSituation {
    /// The namespaces, as far as they tell.
    var identities: [IdentifyNamespace] = []
    /// The drive tells nothing of one as long as it formats it.
    var isRefused = false

    /// How much of all remains to be formatted, from 0 to 1; nil when nobody can say.
    var remaining: Double? {
        guard !isRefused, tellsProgress else { return nil }
        let sum = identities.reduce(0) { $0 + ($1.fractionToFormat ?? 0) }
        return sum / Double(identities.count)
    }

    /// Whether something is being formatted, as far as the drive tells.
    var isInProgress: Bool { isRefused || remaining ?? 0 > 0 }

    /// Whether any namespace tells how far it is.
    var tellsProgress: Bool { identities.contains { $0.fractionToFormat != nil } }

    /// Whether a namespace has the format of a command, and had another before; nothing else changes that.
    func shows(_ command: FormatNVM, since before: FormatSituation) -> Bool {
        guard identities.count == before.identities.count else { return false }
        return zip(identities, before.identities).contains { now, then in
            now.formatIndex == command.formatIndex
                && now.protectionType == command.protectionType
                && (now.formatIndex != then.formatIndex
                    || now.protectionType != then.protectionType)
        }
    }
}
