/// What can be asked of an endpoint of mctpd, which counts it and may refuse it.
enum MctpdMember: String, CaseIterable {
    case recover = "Recover"
    case setMTU = "SetMTU"
    case remove = "Remove"
}
