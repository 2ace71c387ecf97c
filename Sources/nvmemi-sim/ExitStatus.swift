/// How the simulator ends; the numbers mean what those of nvmemi do.
enum ExitStatus: Int32, CaseIterable {
    case success = 0
    case failed = 1
    case usage = 2
    case noSimulator = 3
    case noDrive = 4

    var meaning: String {
        switch self {
        case .success: "success"
        case .failed: "the simulator refused or failed"
        case .usage: "the command line is wrong"
        case .noSimulator: "control: the bus or the simulator is not there"
        case .noDrive: "control: no such drive"
        }
    }

    /// The list for help.
    static var list: String {
        allCases.map { "  \($0.rawValue)  \($0.meaning)" }.joined(separator: "\n")
    }
}
