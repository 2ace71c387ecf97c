import NVMeMI

extension FieldValue {
    /// A number, flag or text as the log has it; of others there is nothing to say.
    var words: String {
        switch self {
        case .unsigned8(let number): "\(number)"
        case .unsigned16(let number): "\(number)"
        case .unsigned32(let number): "\(number)"
        case .unsigned64(let number): "\(number)"
        case .boolean(let flag): flag ? "yes" : "no"
        case .text(let text): text
        default: ""
        }
    }
}
