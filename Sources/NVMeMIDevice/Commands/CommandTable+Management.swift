internal import NVMeMI

extension CommandTable {
    /// The Management Interface commands of the drive.
    static let management = CommandTable([
        Entry(ReadDataStructure.self, usesBuffer: true) {
            (context, command) throws(RequestError) in try context.dataStructure(command)
        },
        Entry(SubsystemHealthStatusPoll.self) { (context, command) in
            context.subsystemHealth(command)
        },
        Entry(ControllerHealthStatusPoll.self) { (context, command) throws(RequestError) in
            try context.controllerHealth(command)
        },
        Entry(ConfigurationGet.self) { (context, command) throws(RequestError) in
            try context.configuration(command)
        },
        Entry(ConfigurationSet.self) { (context, command) throws(RequestError) in
            try context.configure(command)
        },
    ])
}
