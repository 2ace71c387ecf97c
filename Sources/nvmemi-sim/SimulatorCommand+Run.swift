internal import ArgumentParser
internal import Glibc

extension SimulatorCommand {
    /// Runs the command that the arguments ask for.
    ///
    /// - Returns: The status to exit with.
    static func run(_ arguments: [String]) -> Int32 {
        do {
            var command = try parseAsRoot(arguments)
            try command.run()
            return ExitStatus.success.rawValue
        } catch let failure as Failure {
            Output.write("nvmemi-sim: \(failure.message)\n", to: STDERR_FILENO)
            return failure.status.rawValue
        } catch {
            return end(error)
        }
    }

    /// What argument-parser throws: wrong arguments, but also help, version and completion scripts.
    private static func end(_ error: any Error) -> Int32 {
        let code = exitCode(for: error)
        let text = fullMessage(for: error)
        let own = "Error: "
        if code.isSuccess {
            Output.write(text + "\n", to: STDOUT_FILENO)
        } else if !text.isEmpty {
            let told = text.hasPrefix(own) ? "nvmemi-sim: " + text.dropFirst(own.count) : text
            Output.write(told + "\n", to: STDERR_FILENO)
        }
        return code == .validationFailure ? ExitStatus.usage.rawValue : code.rawValue
    }
}
