import DBus
import NVMeMIDrives

extension VariantDictionary {
    /// A missing part as the bus has it.
    init(_ missing: MissingPart) {
        self = [
            "Part": .string(missing.part),
            "State": .string(missing.state.rawValue),
            "Reason": .string(missing.reason),
            "Since": .uint64(missing.since),
        ]
    }
}
