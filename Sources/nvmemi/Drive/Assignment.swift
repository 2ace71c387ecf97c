import ArgumentParser
import NVMeMI

/// `Name=value` on the command line.
struct Assignment: ExpressibleByArgument, Equatable {
    var name: String
    var text: String

    init?(argument: String) {
        guard let sign = argument.firstIndex(of: "="), sign != argument.startIndex else {
            return nil
        }
        name = String(argument[..<sign])
        text = String(argument[argument.index(after: sign)...])
    }

    /// The value as fields take it: a number where it reads as one, yes or no, else text.
    var value: FieldValue {
        if text.hasPrefix("-"), let number = Int16(text) { return .signed16(number) }
        if let number = UInt64(number: text) { return .unsigned64(number) }
        switch text.lowercased() {
        case "yes", "true", "on": return .boolean(true)
        case "no", "false", "off": return .boolean(false)
        default: return .text(text)
        }
    }
}
