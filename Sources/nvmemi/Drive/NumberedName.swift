import ArgumentParser

extension ExpressibleByArgument {
    /// What an argument names, of things that have a number of eight bits as well.
    ///
    /// - Throws: `ValidationError`, which says where the names are.
    static func named(_ argument: String, of kind: String, hint: String) throws -> Self {
        guard let name = Self(argument: argument) else {
            throw ValidationError(
                "there is no \(kind) “\(argument)”; it takes a number from 0 to 255 or a name: \(hint)"
            )
        }
        return name
    }
}
