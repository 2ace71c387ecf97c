internal import NVMeMI

/// Reset and Shutdown of the subsystem.
extension CommandContext {
    /// A reset is not answered: it takes the endpoint along.
    mutating func reset(_ command: SubsystemReset) throws(RequestError) {
        guard command.type == 0 else {
            throw .parameter(11, "there is no reset of type \(command.type)")
        }
        isAnswered = false
        effects.append(.reset)
    }

    func shutDown(_ command: SubsystemShutdown) throws(RequestError) {
        guard command.type == .normal || command.type == .abrupt else {
            throw .parameter(11, "there is no shutdown \(command.type)")
        }
        for index in drive.controllers.indices
        where drive.controllers[index].shutdownStatus != ShutdownStatus.complete.rawValue {
            drive.controllers[index].shutdownStatus = ShutdownStatus.complete.rawValue
            drive.note(.shutdownStatus, controller: index)
        }
        drive.onChange?()
    }
}
