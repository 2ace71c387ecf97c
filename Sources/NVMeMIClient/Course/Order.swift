import NVMeMI

/// What a caller wants: a command, and how it is to be carried out.
///
/// It never changes.
final class Order {
    let id: CourseID
    let command: any Command
    let name: String
    let category: MessageCategory
    let isRepeatable: Bool
    let options: CommandOptions

    init(
        _ id: CourseID,
        _ command: any Command,
        _ declaration: CommandDeclaration,
        _ options: CommandOptions
    ) {
        self.id = id
        self.command = command
        self.options = options
        name = declaration.name
        category = declaration.category
        isRepeatable = declaration.isRepeatable
    }

    /// Polls are few and small: one that is lost is sent once more before it counts as unanswered.
    ///
    /// Those of the daemon itself, that is: what a caller asks for may take all of its time.
    var isPoll: Bool { options.priority == .health && options.sender.isEmpty && isRepeatable }
}
