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
        Entry(VPDRead.self, usesBuffer: true) { (context, command) throws(RequestError) in
            try context.readVitalProductData(command)
        },
        Entry(VPDWrite.self, option: .vpdWrite) { (context, command) throws(RequestError) in
            try context.writeVitalProductData(command)
        },
        Entry(SubsystemReset.self, option: .reset) { (context, command) throws(RequestError) in
            try context.reset(command)
        },
        Entry(SubsystemShutdown.self, option: .shutdown) {
            (context, command) throws(RequestError) in
            try context.shutDown(command)
        },
        Entry(ManagementEndpointBufferRead.self, option: .endpointBuffer) {
            (context, command) throws(RequestError) in try context.readBuffer(command)
        },
        Entry(ManagementEndpointBufferWrite.self, option: .endpointBuffer) {
            (context, command) throws(RequestError) in try context.writeBuffer(command)
        },
        // One of the vendor's: it answers with what it was given.
        Entry(vendor: 0xC0) { (_, command) in
            ManagementReply(response: command.dword0 & 0xFF_FFFF, data: command.data)
        },
    ])
}
