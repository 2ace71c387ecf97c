/// What Lockdown has prohibited, until power is lost.
struct Lockdown {
    /// What an entry is about, numbered as in the command.
    enum Scope: UInt8, CaseIterable {
        case adminOpcode = 0
        case feature = 2
        case managementOpcode = 3
        case pcieOpcode = 4
    }

    private var prohibited: [Scope: Set<UInt8>] = [:]

    func prohibits(_ code: UInt8, _ scope: Scope) -> Bool {
        prohibited[scope]?.contains(code) ?? false
    }

    func codes(_ scope: Scope) -> [UInt8] { (prohibited[scope] ?? []).sorted() }

    mutating func set(_ code: UInt8, _ scope: Scope, isProhibited: Bool) {
        if isProhibited {
            prohibited[scope, default: []].insert(code)
        } else {
            prohibited[scope]?.remove(code)
        }
    }
}
